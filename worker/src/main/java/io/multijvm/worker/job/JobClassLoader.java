// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/**
 * Loads a job's own classes and libraries, whatever versions of them this program has: only the JDK and
 * {@code io.multijvm} come from outside.
 */
public final class JobClassLoader extends URLClassLoader {
    private static final String OURS = "io.multijvm.";

    static {
        registerAsParallelCapable();
    }

    private final List<Path> path;

    /** @param jobPath jars and directories */
    public JobClassLoader(List<Path> jobPath) {
        super("job", urls(jobPath), ClassLoader.getPlatformClassLoader());
        path = List.copyOf(jobPath);
    }

    /** The jars and directories that it was made for. */
    public List<Path> path() {
        return path;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith(OURS)) {
            return Class.forName(name, false, JobClassLoader.class.getClassLoader());
        }
        return super.loadClass(name, resolve);
    }

    private static URL[] urls(List<Path> jobPath) {
        return jobPath.stream()
                .map(entry -> {
                    try {
                        return entry.toUri().toURL();
                    } catch (MalformedURLException e) {
                        throw new IllegalArgumentException("not a place to load classes from: " + entry, e);
                    }
                })
                .toArray(URL[]::new);
    }
}
