// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A jar of classes that are compiled for one test, such as those that may not be on the tests' own class path. */
final class CompiledJar {
    private CompiledJar() {}

    /**
     * Compiles and packages.
     *
     * @param sources by the class's full name
     * @param libraries jars that they are compiled against
     */
    static Path of(Path jar, Map<String, String> sources, Path... libraries) {
        try {
            Path work = Files.createTempDirectory(jar.toAbsolutePath().getParent(), "sources");
            Path classes = Files.createDirectory(work.resolve("classes"));
            List<Path> files = new ArrayList<>();
            for (Map.Entry<String, String> each : sources.entrySet()) {
                Path file = work.resolve(each.getKey().replace('.', '/') + ".java");
                Files.createDirectories(file.getParent());
                files.add(Files.writeString(file, each.getValue()));
            }
            compile(classes, files, libraries);
            pack(jar, classes);
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(Path classes, List<Path> files, Path... libraries) throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "tests need a JDK");
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            String path = String.join(
                    File.pathSeparator, Stream.of(libraries).map(Path::toString).toList());
            List<String> options = List.of("--release", "17", "-d", classes.toString(), "-proc:none", "-cp", path);
            if (!compiler.getTask(said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call()) {
                throw new AssertionError("does not compile: " + said);
            }
        }
    }

    private static void pack(Path jar, Path classes) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
        }
    }
}
