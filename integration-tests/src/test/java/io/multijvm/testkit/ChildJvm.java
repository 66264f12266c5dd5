// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs a main class of the tests in a JVM of its own, as a coordinator that may be killed or starved. */
public final class ChildJvm {
    private ChildJvm() {}

    /** Starts it with this JVM's class path; stdout and stderr together go to {@code output}. */
    public static Process start(Path java, List<String> flags, Path output, Class<?> main, String... args)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(Arrays.asList(args));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** The {@code java} that runs this JVM. */
    public static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** A JDK of that version beside this one, if the machine has one: MULTIJVM_JDK25, or a neighbour of this JVM's home. */
    public static Optional<Path> findJdk(int version) throws IOException {
        String named = System.getenv("MULTIJVM_JDK" + version);
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        Path neighbours = home.getParent();
        if (neighbours == null) {
            return Optional.empty();
        }
        try (Stream<Path> homes = Files.list(neighbours)) {
            return homes.filter(candidate -> isVersion(candidate, version)).findFirst();
        }
    }

    private static boolean isVersion(Path home, int version) {
        try {
            return Files.isExecutable(home.resolve("bin/java"))
                    && Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"" + version);
        } catch (IOException e) {
            return false;
        }
    }
}
