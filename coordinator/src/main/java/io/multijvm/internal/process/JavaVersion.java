// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The feature version of a {@code java} program, asked once for each: a flag that a JVM does not know kills every worker
 * at its start, so the flags are made for the version that will read them.
 *
 * @param java the program
 * @param feature 17, 21, 25 ...
 */
record JavaVersion(Path java, int feature) {
    private static final int OLDEST = 17;
    private static final int ANSWER_SECONDS = 30;
    private static final Pattern RELEASE = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)");
    private static final Pattern PROPERTY = Pattern.compile("java\\.specification\\.version = (\\d+)");
    private static final Map<Path, JavaVersion> KNOWN = new ConcurrentHashMap<>();

    /** The program in a JDK's or JRE's home. */
    static Path javaOf(Path home) {
        return home.resolve("bin").resolve(File.separatorChar == '\\' ? "java.exe" : "java");
    }

    /** The program for workers: in {@code home}, or else what this JVM runs on, or else what lies in its home. */
    static Path program(@Nullable Path home) {
        if (home != null) {
            return javaOf(home).toAbsolutePath();
        }
        Optional<Path> own = ProcessHandle.current().info().command().map(Path::of);
        return own.filter(path -> isJava(path) && Files.isExecutable(path))
                .orElseGet(() ->
                        javaOf(Path.of(System.getProperty("java.home", ""))).toAbsolutePath());
    }

    /** Asks {@code java}, unless it is known already. */
    static JavaVersion of(Path java) throws IOException {
        JavaVersion known = KNOWN.get(java);
        if (known != null) {
            return known;
        }
        Optional<Integer> released = fromReleaseFile(java);
        JavaVersion version = new JavaVersion(java, released.isPresent() ? released.get() : ask(java));
        if (version.feature < OLDEST) {
            throw new IOException(java + " is Java " + version.feature + "; workers need " + OLDEST
                    + " or later: give another javaHome");
        }
        KNOWN.put(java, version);
        return version;
    }

    private static boolean isJava(Path path) {
        Path name = path.getFileName();
        return name != null
                && (name.toString().equals("java") || name.toString().equals("java.exe"));
    }

    static Optional<Integer> fromReleaseFile(Path java) {
        try {
            Path bin = java.toRealPath().getParent();
            Path home = bin == null ? null : bin.getParent();
            return home == null
                    ? Optional.empty()
                    : find(RELEASE, Files.readString(home.resolve("release"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty(); // there are JREs without one: ask the program
        }
    }

    static int ask(Path java) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(java.toString(), "-XshowSettings:properties", "-version");
        builder.redirectErrorStream(true);
        WorkerEnvironment.VARIABLES.forEach(builder.environment()::remove);
        builder.environment().remove("CLASSPATH"); // a long one could fill the pipe before it is read
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(java + " did not tell its version within " + ANSWER_SECONDS + " s");
            }
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return find(PROPERTY, answer)
                    .orElseThrow(() -> new IOException(java + " did not tell its version; it said: "
                            + answer.lines().limit(3).toList()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + java + " was asked for its version", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Optional<Integer> find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }
}
