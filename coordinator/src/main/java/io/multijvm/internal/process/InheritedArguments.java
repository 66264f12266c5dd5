// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.util.List;
import java.util.Set;

/**
 * The flags of this JVM that a worker needs too, for user code counts on them: module access, assertions, preview, and
 * the user's own properties. Memory, collectors, agents, debuggers and management stay behind: they fit one process.
 */
final class InheritedArguments {
    private static final List<String> ACCESS = List.of(
            "--add-opens=",
            "--add-exports=",
            "--add-reads=",
            "--add-modules=",
            "--enable-native-access=",
            "--illegal-native-access=");

    private static final List<String> ASSERTIONS = List.of("-ea:", "-enableassertions:", "-da:", "-disableassertions:");

    private static final Set<String> WHOLE = Set.of(
            "--enable-preview",
            "-ea",
            "-enableassertions",
            "-da",
            "-disableassertions",
            "-esa",
            "-enablesystemassertions",
            "-dsa",
            "-disablesystemassertions");

    /** Properties that speak of this process, its management, or the build tool around it. */
    private static final List<String> OWN_PROPERTIES = List.of(
            "com.sun.management.",
            "io.multijvm.",
            "java.class.path",
            "java.home",
            "java.security.manager", // stops a newer JVM at its start
            "jdk.attach.",
            "jdk.module.",
            "jdwp.",
            "sun.java.",
            "surefire.",
            "basedir",
            "localRepository",
            "maven.");

    private InheritedArguments() {}

    /** Those of {@code own} that are handed on, in their order. */
    static List<String> safeSubset(List<String> own) {
        return own.stream().filter(InheritedArguments::handedOn).toList();
    }

    private static boolean handedOn(String argument) {
        if (argument.startsWith("-D")) {
            String property = argument.substring(2);
            return !property.isEmpty() && OWN_PROPERTIES.stream().noneMatch(property::startsWith);
        }
        return WHOLE.contains(argument)
                || ASSERTIONS.stream().anyMatch(argument::startsWith)
                || ACCESS.stream().anyMatch(argument::startsWith);
    }
}
