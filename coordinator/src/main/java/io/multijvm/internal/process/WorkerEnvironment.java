// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The environment of a worker: ours, less what must not be there twice. Proxies, trust stores and agents often arrive in
 * these variables, so they are cleaned word by word and never dropped as a whole.
 */
final class WorkerEnvironment {
    /** Where JVMs look for further options: the first is read by the {@code java} program, the others by the JVM. */
    static final List<String> VARIABLES = List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS");

    /** A debugger or a management port can be held by one process only; with these no worker would start. */
    private static final List<String> ONCE_ONLY =
            List.of("-agentlib:jdwp", "-Xrunjdwp", "-Xdebug", "-Dcom.sun.management.jmxremote");

    /** {@code _JAVA_OPTIONS} beats our flag, and a smallest heap above our largest keeps a JVM from starting. */
    private static final List<String> HEAP =
            List.of("-Xmx", "-Xms", "-XX:MaxHeapSize=", "-XX:InitialHeapSize=", "-XX:MinHeapSize=");

    private WorkerEnvironment() {}

    /** What a process of that slot gets; runs the user's code where slots have variables of their own. */
    static Map<String, String> of(LaunchSpec spec, int slot) {
        return of(System.getenv(), spec.envOf(slot), spec.heap() != null);
    }

    /** What a worker gets from {@code own}; the overrides are taken as they are, for somebody meant them. */
    static Map<String, String> of(Map<String, String> own, Map<String, String> overrides, boolean heapAsked) {
        Map<String, String> result = new HashMap<>(own);
        for (String name : VARIABLES) {
            String value = result.get(name);
            if (value != null) {
                String kept = without(value, word -> unwanted(word, heapAsked));
                if (kept.isEmpty()) {
                    result.remove(name);
                } else {
                    result.put(name, kept);
                }
            }
        }
        result.putAll(overrides);
        return result;
    }

    /** All options in the variables, without their quotes. */
    static List<String> options(Map<String, String> environment) {
        return VARIABLES.stream()
                .flatMap(name -> words(environment.getOrDefault(name, "")).stream())
                .map(WorkerEnvironment::unquoted)
                .toList();
    }

    private static boolean unwanted(String word, boolean heapAsked) {
        return ONCE_ONLY.stream().anyMatch(word::startsWith)
                || (heapAsked && HEAP.stream().anyMatch(word::startsWith));
    }

    private static String without(String value, Predicate<String> unwanted) {
        List<String> words = words(value);
        List<String> kept =
                words.stream().filter(word -> !unwanted.test(unquoted(word))).toList();
        return kept.size() == words.size() ? value : kept.stream().collect(Collectors.joining(" "));
    }

    /** Words as a JVM sees them, split at blanks outside of quotes; the quotes stay, so that joining gives the same. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (word.length() > 0) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                continue;
            }
            if (quote == c) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            }
            word.append(c);
        }
        if (word.length() > 0) {
            words.add(word.toString());
        }
        return words;
    }

    private static String unquoted(String word) {
        StringBuilder text = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (quote == c) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
