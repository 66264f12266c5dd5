// SPDX-License-Identifier: Apache-2.0
package io.multijvm.examples;

import examples.HowManyWithinRange;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The job jar, whether or not the module has been packaged when the tests run, and the names of what is in it. */
final class ExamplesJar {
    private final Path path;

    private ExamplesJar(Path path) {
        this.path = path;
    }

    /** As {@code jar}, of the classes that the tests were given. */
    static ExamplesJar at(Path jar) throws IOException, URISyntaxException {
        Path given = Path.of(HowManyWithinRange.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Files.createDirectories(jar.toAbsolutePath().getParent());
        if (Files.isDirectory(given)) {
            pack(given, jar);
        } else {
            Files.copy(given, jar);
        }
        return new ExamplesJar(jar);
    }

    Path path() {
        return path;
    }

    /** Its top-level classes; those that are programs on the library, or those that are not. */
    List<Class<?>> classes(boolean programs) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            return jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class") && !name.contains("-info") && !name.contains("$"))
                    .filter(name -> name.startsWith("examples/api/") == programs)
                    .map(name -> name.replace('/', '.').substring(0, name.length() - ".class".length()))
                    .sorted()
                    .<Class<?>>map(ExamplesJar::load)
                    .toList();
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ExamplesJar.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(name + " is in the jar but not on the class path", e);
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
        }
    }
}
