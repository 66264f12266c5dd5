// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.task.Outcome;
import io.multijvm.wire.Protocol;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our own jars come first, relative entries are made absolute, and a jar that only names others is expanded. */
class WorkerClassPathTest {
    @TempDir
    Path directory;

    @Test
    void ourOwnJarsComeFirstThenAllThatThisJvmHas() throws Exception {
        List<String> path = WorkerClassPath.of(List.of());
        assertThat(path).startsWith(placeOf(Protocol.class), placeOf(Outcome.class), placeOf(WorkerClassPath.class));
        assertThat(path)
                .contains(placeOf(Test.class), placeOf(WorkerClassPathTest.class))
                .doesNotHaveDuplicates();
        assertThat(path).allMatch(entry -> Path.of(entry).isAbsolute());
    }

    @Test
    void aPathOfItsOwnReplacesOursButNotTheLibrariesThatAWorkerNeeds() throws Exception {
        Path job = Files.createDirectory(directory.resolve("job"));
        List<String> path = WorkerClassPath.of(List.of(job));
        assertThat(path).endsWith(job.toString()).doesNotContain(placeOf(Test.class));
        Set<String> atWork = new LinkedHashSet<>(
                List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
        List<String> needed = atWork.stream()
                .filter(entry -> Stream.of(
                                "/io/grpc/",
                                "/com/google/protobuf/",
                                "/com/google/guava/",
                                "/org/apache/fory/",
                                "/io/perfmark/",
                                "/com/google/api/")
                        .anyMatch(entry::contains))
                .filter(entry -> !entry.contains("listenablefuture") && !entry.contains("grpc-context"))
                .toList();
        assertThat(needed).hasSizeGreaterThan(8);
        assertThat(path).containsAll(needed);
    }

    @Test
    void aJarThatOnlyNamesOthersIsExpandedOnceEach() throws Exception {
        Path lib = Files.createDirectories(directory.resolve("li b"));
        Path second = jar(lib.resolve("second.jar"), "../outer.jar third.jar http://example.invalid/x.jar");
        Path third = jar(lib.resolve("third.jar"), "");
        Path outer = jar(directory.resolve("outer.jar"), "li%20b/second.jar li%20b/missing.jar :bad:");
        Set<String> entries = new LinkedHashSet<>();
        WorkerClassPath.addExpanded(outer.toString(), entries);
        assertThat(entries)
                .containsExactly(
                        outer.toString(),
                        second.toString(),
                        third.toString(),
                        lib.resolve("missing.jar").toString());
    }

    @Test
    void aFileThatIsNoJarDoesNoHarm() throws Exception {
        Path file = Files.writeString(directory.resolve("broken.jar"), "not a jar");
        Set<String> entries = new LinkedHashSet<>();
        WorkerClassPath.addExpanded(file.toString(), entries);
        assertThat(entries).containsExactly(file.toString());
    }

    private static Path jar(Path file, String classPath) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (!classPath.isEmpty()) {
            manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        }
        new JarOutputStream(Files.newOutputStream(file), manifest).close();
        return file;
    }

    private static String placeOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
