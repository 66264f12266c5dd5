// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.task.Outcome;
import io.multijvm.wire.Protocol;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * The class path of a worker: Multijvm's own jars first, so that nothing on the job's path can replace them, and the
 * libraries that it needs. Both are a prefix that is the same for every job; then the job's entries, or all that this JVM
 * has.
 */
final class WorkerClassPath {
    private static final List<Class<?>> OWN = List.of(Protocol.class, Outcome.class, WorkerClassPath.class);

    /** One class of each library that a worker needs. Some may be absent. */
    private static final List<String> LIBRARIES = List.of(
            "com.google.protobuf.Message",
            "com.google.rpc.Status",
            "com.google.gson.Gson",
            "com.google.common.base.Preconditions",
            "com.google.common.util.concurrent.internal.InternalFutureFailureAccess",
            "io.grpc.Metadata",
            "io.grpc.Context",
            "io.grpc.internal.GrpcUtil",
            "io.grpc.util.MultiChildLoadBalancer",
            "io.grpc.stub.StreamObserver",
            "io.grpc.protobuf.ProtoUtils",
            "io.grpc.protobuf.lite.ProtoLiteUtils",
            "io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder",
            "io.perfmark.PerfMark",
            "org.apache.fory.Fory",
            "org.jspecify.annotations.Nullable",
            "picocli.CommandLine");

    private WorkerClassPath() {}

    /** Absolute entries in order, each once. {@code replacing} stands in for this JVM's class path unless empty. */
    static List<String> of(Collection<Path> replacing) {
        Set<String> entries = new LinkedHashSet<>(own());
        if (replacing.isEmpty()) {
            split(System.getProperty("java.class.path", "")).forEach(entry -> addExpanded(entry, entries));
            split(System.getProperty("jdk.module.path", ""))
                    .flatMap(WorkerClassPath::modules)
                    .forEach(entry -> addExpanded(entry, entries));
        } else {
            replacing.forEach(entry -> addExpanded(absolute(entry), entries));
        }
        return List.copyOf(entries);
    }

    /** What every worker's class path begins with: where our classes and those of our libraries come from. */
    static List<String> own() {
        Set<String> entries = new LinkedHashSet<>();
        OWN.forEach(type -> codeSource(type).ifPresent(entries::add));
        LIBRARIES.forEach(name -> library(name).ifPresent(entries::add));
        return List.copyOf(entries);
    }

    /** Adds a jar and then, once, what its manifest names: such a jar may be temporary and gone when a worker looks. */
    static void addExpanded(String entry, Set<String> entries) {
        if (!entries.add(entry) || !Files.isRegularFile(Path.of(entry))) {
            return;
        }
        try (JarFile jar = new JarFile(entry)) {
            Manifest manifest = jar.getManifest();
            String named =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            if (named != null) {
                URI base = Path.of(entry).toUri();
                Stream.of(named.trim().split("\\s+"))
                        .flatMap(relative -> resolved(base, relative).stream())
                        .forEach(path -> addExpanded(path, entries));
            }
        } catch (IOException e) {
            return; // not a jar: the worker's JVM will ignore it just as ours did
        }
    }

    private static Optional<String> resolved(URI base, String relative) {
        try {
            return Optional.of(absolute(Path.of(base.resolve(relative))));
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return Optional.empty(); // not a file
        }
    }

    private static Stream<String> split(String path) {
        return path.isEmpty()
                ? Stream.empty()
                : Stream.of(path.split(File.pathSeparator, -1)).flatMap(entry -> {
                    try {
                        return Stream.of(absolute(Path.of(entry)));
                    } catch (InvalidPathException e) {
                        return Stream.empty();
                    }
                });
    }

    /** A module path may name directories of jars; a worker has them all on its class path. */
    private static Stream<String> modules(String entry) {
        Path path = Path.of(entry);
        if (!Files.isDirectory(path) || Files.exists(path.resolve("module-info.class"))) {
            return Stream.of(entry);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files
                    .filter(file -> file.toString().endsWith(".jar"))
                    .map(Path::toString)
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    private static Optional<String> library(String className) {
        try {
            return codeSource(Class.forName(className, false, WorkerClassPath.class.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty();
        }
    }

    private static Optional<String> codeSource(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(absolute(Path.of(source.getLocation().toURI())));
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            return Optional.empty(); // inside another jar: the outer one is on the class path
        }
    }
}
