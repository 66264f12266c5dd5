// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Pool;
import io.multijvm.task.Outcome;
import io.multijvm.testkit.ArchivingCoordinator;
import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.PromiseTest;
import io.multijvm.wire.Protocol;
import io.multijvm.worker.TrainingTasks;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers start from an archive of our jars, and never run what is not in the jars. */
@PromiseTest
class ClassArchiveTest {
    private static final String TASKS = TrainingTasks.class.getName().replace('.', '/') + ".class";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aJarThatIsBuiltAnewIsSeenAtOnceAndABrokenOrForeignArchiveStopsNobody(int version) throws Exception {
        Path home = ChildJvm.findJdk(version).orElse(null);
        Assumptions.assumeTrue(home != null, "there is no JDK " + version + " beside this one");
        Path archives = directory.resolve("archives");
        Path jars = Files.createDirectory(directory.resolve("jars"));
        List<String> path = ownJars(jars);

        assertThat(coordinator(path, String.valueOf(home), archives.toString()))
                .containsExactly("without training", "with training");
        assertThat(Files.readString(archives.resolve("load.log")))
                .contains("io.multijvm.worker.TrainingTasks source: shared objects file (top)");
        Path old = directory.resolve("old.jsa");
        Files.move(onlyArchive(archives), old);

        say(jars.resolve("worker.jar"), "training", "learning");
        assertThat(coordinator(path, String.valueOf(home), archives.toString(), old.toString()))
                .containsExactly("without learning", "with learning", "foreign learning", "broken learning");
        System.out.println("class-data archive on " + version + ": "
                + lines(archives.resolve("load.log"), "shared objects file (top)")
                + " classes from it; of a jar built anew "
                + lines(archives.resolve("foreign.log"), "shared objects file (top)") + " old ones");
    }

    private static long lines(Path log, String text) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }

    private static Path onlyArchive(Path archives) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(archives, "*.jsa")) {
            List<Path> found = new ArrayList<>();
            files.forEach(found::add);
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }

    /** Runs it to its end; what it and its workers printed. */
    private List<String> coordinator(List<String> path, String... args) throws Exception {
        Path output = directory.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(
                ChildJvm.java().toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dio.multijvm.archives=" + args[1],
                "-cp",
                String.join(File.pathSeparator, path),
                ArchivingCoordinator.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(150, TimeUnit.SECONDS)).isTrue();
            return Files.readAllLines(output).stream()
                    // Fory logs through SLF4J where it finds it, and a library of the tests brings it without a
                    // provider
                    .filter(line -> !line.startsWith("SLF4J"))
                    .toList();
        } finally {
            process.destroyForcibly();
        }
    }

    /** This JVM's class path, with our own classes as jars in {@code jars}. */
    private static List<String> ownJars(Path jars) throws Exception {
        List<String> path =
                new ArrayList<>(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
        List<Class<?>> own = List.of(Protocol.class, Outcome.class, Pool.class);
        List<String> names = List.of("proto.jar", "worker.jar", "coordinator.jar");
        for (int i = 0; i < own.size(); i++) {
            Path place = Path.of(own.get(i)
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path jar = jars.resolve(names.get(i));
            if (Files.isDirectory(place)) {
                pack(place, jar);
            } else {
                Files.copy(place, jar);
            }
            path.removeIf(entry -> Path.of(entry).equals(place));
            path.add(0, jar.toString());
        }
        return path;
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
            }
        }
    }

    /** As a build would: the jar anew, with other code in one class. */
    private static void say(Path jar, String was, String is) throws IOException {
        Path built = jar.resolveSibling("built.jar");
        int changed = 0;
        try (JarFile old = new JarFile(jar.toFile());
                OutputStream file = Files.newOutputStream(built);
                JarOutputStream out = new JarOutputStream(file)) {
            for (JarEntry entry : old.stream().toList()) {
                out.putNextEntry(new JarEntry(entry.getName()));
                try (InputStream in = old.getInputStream(entry)) {
                    byte[] bytes = in.readAllBytes();
                    if (entry.getName().equals(TASKS)) {
                        // a constant of a class file: its length, then its letters
                        String text = new String(bytes, StandardCharsets.ISO_8859_1);
                        String found = "\1\0" + (char) was.length() + was;
                        changed += text.contains(found) ? 1 : 0;
                        bytes = text.replace(found, "\1\0" + (char) is.length() + is)
                                .getBytes(StandardCharsets.ISO_8859_1);
                    }
                    out.write(bytes);
                }
            }
        }
        assertThat(changed).isEqualTo(1);
        Files.move(built, jar, StandardCopyOption.REPLACE_EXISTING);
    }
}
