// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.worker.job.JobClassLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipException;

/** The jar with the user's code: opened and looked into before any worker is started. */
final class JobJar implements AutoCloseable {
    private final Path path;
    private final List<String> classNames;
    private final JobClassLoader loader;

    private JobJar(Path path, List<String> classNames, JobClassLoader loader) {
        this.path = path;
        this.classNames = classNames;
        this.loader = loader;
    }

    static JobJar open(Path jar) {
        if (!Files.exists(jar)) {
            throw new UsageException("job jar " + jar + ": there is no such file; build it first, or check the path");
        }
        if (!Files.isRegularFile(jar)) {
            throw new UsageException("job jar " + jar + " is not a file; give the jar that holds the method's class");
        }
        if (!Files.isReadable(jar)) {
            throw new UsageException("job jar " + jar + " cannot be read; check its permissions");
        }
        return new JobJar(jar, classNames(jar), new JobClassLoader(List.of(jar)));
    }

    private static List<String> classNames(Path jar) {
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .collect(Collectors.toUnmodifiableList());
        } catch (ZipException e) {
            throw new UsageException("job jar " + jar + " is not a jar; give the file that your build packages ("
                    + OneLine.messageOf(e) + ")");
        } catch (IOException e) {
            throw new UsageException("job jar " + jar + " cannot be read: " + OneLine.messageOf(e));
        }
    }

    Path path() {
        return path;
    }

    ClassLoader loader() {
        return loader;
    }

    /** The class, loaded but not initialised: no code of the job runs here. */
    Class<?> load(String name) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new UsageException("--call: there is no class " + name + " in " + path + suggestion(name));
        } catch (UnsupportedClassVersionError e) {
            throw new UsageException("--call: class " + name + " in " + path
                    + " was compiled for a newer Java than the "
                    + Runtime.version().feature() + " that runs here; use that Java, or compile with --release");
        } catch (LinkageError e) {
            throw new UsageException(incomplete(name, e));
        }
    }

    /** What to say when a class of the job refers to one that is not there. */
    String incomplete(String name, LinkageError error) {
        return "--call: class " + name + " in " + path + " cannot be linked ("
                + error.getClass().getSimpleName() + ": "
                + OneLine.messageOf(error) + "); package what it needs into the jar, or name it in the manifest's "
                + "Class-Path";
    }

    private String suggestion(String name) {
        String simple = name.substring(name.lastIndexOf('.') + 1);
        Optional<String> elsewhere = classNames.stream()
                .filter(each -> each.endsWith("." + simple) || each.endsWith("$" + simple) || each.equals(simple))
                .findFirst();
        return elsewhere
                .or(() -> Suggestions.nearest(name, classNames))
                .map(each -> "; did you mean " + each + "?")
                .orElse("; give its full name, as pkg.Class::method");
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
