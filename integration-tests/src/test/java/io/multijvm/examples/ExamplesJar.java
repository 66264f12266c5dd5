// SPDX-License-Identifier: Apache-2.0
package io.multijvm.examples;

import examples.HowManyWithinRange;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        Path given = given();
        Files.createDirectories(jar.toAbsolutePath().getParent());
        if (Files.isDirectory(given)) {
            pack(given, jar);
        } else {
            Files.copy(given, jar);
        }
        return new ExamplesJar(jar);
    }

    /** Where the examples are on the class path of the tests: a directory, or the jar when it has been packaged. */
    static Path given() throws URISyntaxException {
        return Path.of(HowManyWithinRange.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    Path path() {
        return path;
    }

    /** The programs that use a pool of the kind that they are told; the others start processes of their own. */
    List<String> programsOfAnyPool() throws IOException {
        List<String> names = new ArrayList<>();
        try (JarFile jar = new JarFile(path.toFile())) {
            for (Class<?> type : classes(true)) {
                JarEntry entry = jar.getJarEntry(type.getName().replace('.', '/') + ".class");
                String code = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
                if (Modifier.isPublic(type.getModifiers()) && code.contains("examples/api/PoolKind")) {
                    names.add(type.getName());
                }
            }
        }
        return names;
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
