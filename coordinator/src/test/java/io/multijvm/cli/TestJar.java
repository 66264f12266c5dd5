// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.task.Job;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import jobs.Sample;

/** A job jar made of classes of the tests. */
final class TestJar {
    private TestJar() {}

    /** {@code job.jar} in this directory, of {@link Sample} and what belongs to it. */
    static Path ofSample(Path directory) {
        return of(directory.resolve("job.jar"), "", Sample.class, Sample.Colour.class, Sample.Point.class);
    }

    /** A jar of these classes; {@code classPath} goes into its manifest. */
    static Path of(Path file, String classPath, Class<?>... classes) {
        return of(file, classPath, List.of(), classes);
    }

    /** A jar of these classes that registers some names as jobs. */
    static Path of(Path file, String classPath, List<String> jobs, Class<?>... classes) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            if (!jobs.isEmpty()) {
                jar.putNextEntry(new JarEntry("META-INF/services/" + Job.class.getName()));
                jar.write(String.join("\n", jobs).getBytes(StandardCharsets.UTF_8));
            }
            for (Class<?> each : classes) {
                String name = each.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(name));
                try (InputStream bytes = each.getClassLoader().getResourceAsStream(name)) {
                    Objects.requireNonNull(bytes, name).transferTo(jar);
                }
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
