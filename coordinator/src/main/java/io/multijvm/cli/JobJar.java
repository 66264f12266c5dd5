// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.task.Job;
import io.multijvm.worker.job.JobClassLoader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
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

    /** @param further jars and directories that the job is loaded from as well */
    static JobJar open(Path jar, List<Path> further) {
        List<Path> all = new ArrayList<>(List.of(absolute(jar)));
        for (Path each : further) {
            if (!Files.isReadable(each)) {
                throw new UsageException(
                        "--jars: " + each + (Files.exists(each) ? " cannot be read" : " does not exist")
                                + "; give jars or directories, separated by " + File.pathSeparator);
            }
            if (Files.isRegularFile(each)) {
                classNames("--jars:", each);
            }
            all.add(absolute(each));
        }
        checkReadable(jar);
        return new JobJar(jar, classNames("job jar", jar), new JobClassLoader(all));
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static void checkReadable(Path jar) {
        if (!Files.exists(jar)) {
            throw new UsageException("job jar " + jar + ": there is no such file; build it first, or check the path");
        }
        if (!Files.isRegularFile(jar)) {
            throw new UsageException("job jar " + jar + " is not a file; give the jar that holds the method's class");
        }
        if (!Files.isReadable(jar)) {
            throw new UsageException("job jar " + jar + " cannot be read; check its permissions");
        }
    }

    private static List<String> classNames(String what, Path jar) {
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .collect(Collectors.toUnmodifiableList());
        } catch (ZipException e) {
            throw new UsageException(what + " " + jar + " is not a jar; give the file that your build packages ("
                    + OneLine.messageOf(e) + ")");
        } catch (IOException e) {
            throw new UsageException(what + " " + jar + " cannot be read: " + OneLine.messageOf(e));
        }
    }

    Path path() {
        return path;
    }

    JobClassLoader loader() {
        return loader;
    }

    /** Everything that the job is loaded from, as absolute paths, this jar first. */
    List<Path> paths() {
        return loader.path();
    }

    /** Whether this jar, or what comes with it, has a class of that name. */
    boolean has(String name) {
        return loader.getResource(name.replace('.', '/') + ".class") != null;
    }

    /** The classes that are registered as jobs, in order, loaded but not initialised. */
    List<Class<?>> registeredJobs() {
        try {
            return ServiceLoader.load(Job.class, loader).stream()
                    .<Class<?>>map(ServiceLoader.Provider::type)
                    .distinct()
                    .toList();
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new UsageException("the jobs that " + path + " registers cannot be loaded: " + OneLine.messageOf(e)
                    + "; correct its META-INF/services/" + Job.class.getName() + ", or give --call");
        }
    }

    /** The class, loaded but not initialised: no code of the job runs here. {@code flag} is what the user named it with. */
    Class<?> load(String flag, String name) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new UsageException(flag + ": there is no class " + name + " in " + path + suggestion(name));
        } catch (UnsupportedClassVersionError e) {
            throw new UsageException(flag + ": class " + name + " in " + path
                    + " was compiled for a newer Java than the "
                    + Runtime.version().feature() + " that runs here; use that Java, or compile with --release");
        } catch (LinkageError e) {
            throw new UsageException(incomplete(flag, name, e));
        }
    }

    /** What to say when a class of the job refers to one that is not there. */
    String incomplete(String flag, String name, LinkageError error) {
        return flag + ": class " + name + " in " + path + " cannot be linked ("
                + error.getClass().getSimpleName() + ": "
                + OneLine.messageOf(error) + "); package what it needs into the jar, or name it in the manifest's "
                + "Class-Path or with --jars";
    }

    private String suggestion(String name) {
        String simple = name.substring(name.lastIndexOf('.') + 1);
        Optional<String> elsewhere = classNames.stream()
                .filter(each -> each.endsWith("." + simple) || each.endsWith("$" + simple) || each.equals(simple))
                .findFirst();
        return elsewhere
                .or(() -> Suggestions.nearest(name, classNames))
                .map(each -> "; did you mean " + each + "?")
                .orElse("; give its full name, with its package");
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
