// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.Output;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The class-data archive (AppCDS) that one pool's workers start from: our own classes, parsed and linked already. It is made
 * of the jars that come first on every worker's class path, by one JDK. Its name holds a hash of what tells both apart, and
 * the JVM itself checks the jars once more; where anything does not fit, a worker starts without it and says nothing.
 *
 * <p>It is a dynamic archive ({@code .jsa}) on every JDK: an AOT cache of JDK 25 does not check the class path, and runs old
 * code after a jar was built anew.
 */
public final class ClassArchive {
    /** An archive is made at the end of such a process. */
    static final String MAKE_FLAG = "-XX:ArchiveClassesAtExit=";

    private static final String USE_FLAG = "-XX:SharedArchiveFile=";

    /** Who gives one of these has plans of his own for archives. */
    private static final List<String> FOREIGN = List.of(
            USE_FLAG, MAKE_FLAG, "-Xshare:", "-XX:+AutoCreateSharedArchive", "-XX:AOT", "-XX:+DumpSharedSpaces");

    /** Since then archives are spoken of under another tag, which earlier JVMs refuse. */
    private static final int AOT_TAG_SINCE = 24;

    private static final int NAME_BYTES = 12;

    /** What this process has tried to make, or has marked as used: once is enough. */
    private static final Set<String> ATTENDED = ConcurrentHashMap.newKeySet();

    private final ArchiveDirectory directory;
    private final JavaVersion version;
    private final String name;

    private ClassArchive(ArchiveDirectory directory, JavaVersion version, String name) {
        this.directory = directory;
        this.version = version;
        this.name = name;
    }

    /**
     * The archive for workers of {@code spec}, which may not be there yet. None where archives are switched off, where our
     * classes come from directories, or where the user's flags speak of archives.
     */
    static Optional<ClassArchive> of(LaunchSpec spec, JavaVersion version, List<String> options) {
        List<String> flags =
                Stream.concat(options.stream(), spec.jvmArgs().stream()).toList();
        if (flags.stream().anyMatch(flag -> FOREIGN.stream().anyMatch(flag::startsWith))) {
            return Optional.empty();
        }
        return ArchiveDirectory.ofThisUser()
                .flatMap(directory ->
                        name(version, WorkerClassPath.own()).map(name -> new ClassArchive(directory, version, name)));
    }

    /**
     * As {@link #of(LaunchSpec, JavaVersion, List)}, for the java and the environment of such workers.
     *
     * @throws IOException if there is no java to ask for its version
     */
    public static Optional<ClassArchive> of(LaunchSpec spec) throws IOException {
        JavaVersion version = JavaVersion.of(JavaVersion.program(spec.javaHome()));
        return of(spec, version, WorkerEnvironment.options(WorkerEnvironment.of(spec, 0)));
    }

    /** The flags by which a worker uses it, if it is there. */
    List<String> flags() {
        Optional<Path> file = directory.find(name);
        if (file.isEmpty()) {
            return List.of();
        }
        if (ATTENDED.add("used " + file.get())) {
            ArchiveDirectory.touch(file.get());
        }
        return Stream.concat(Stream.of(USE_FLAG + file.get()), quiet(version).stream())
                .toList();
    }

    /** An archive that does not fit is no news: not on a worker's stdout, where the JVM would tell it. */
    private static List<String> quiet(JavaVersion version) {
        return version.feature() >= AOT_TAG_SINCE
                ? List.of("-Xlog:cds*=off", "-Xlog:aot*=off", "-Xlog:class+path=off")
                : List.of("-Xlog:cds*=off", "-Xlog:class+path=off");
    }

    /**
     * The right to make it; none if it is there or cannot be made, if this process has tried before, or if another makes
     * one now.
     */
    public Optional<Training> claim() {
        if (directory.find(name).isPresent() || !ATTENDED.add("made " + directory.path() + " " + name)) {
            return Optional.empty();
        }
        return directory.claim(name).map(Training::new);
    }

    /** A worker that runs for the archive alone, and what becomes of what it writes. To be closed. */
    public static final class Training implements AutoCloseable {
        private final ArchiveDirectory.Making making;

        private Training(ArchiveDirectory.Making making) {
            this.making = making;
        }

        /** How to start such a worker: as those of {@code spec}, of our own jars alone, and so that others go first. */
        public LaunchSpec launch(LaunchSpec spec) {
            return LaunchSpec.defaults()
                    .withJavaHome(spec.javaHome())
                    .withHeap("256m")
                    .withClassPath(WorkerClassPath.own().stream().map(Path::of).toList())
                    .withJvmArgs(List.of(MAKE_FLAG + making.unfinished(), "-Xlog:disable"))
                    .withOutput(Output.DISCARD)
                    .inBackground();
        }

        /** Once the worker has ended by itself: workers use the archive from now on. */
        public void finished() throws IOException {
            if (!making.publish()) {
                making.giveUp();
            }
        }

        @Override
        public void close() {
            making.close();
        }
    }

    /** A name that changes with the JDK and with each of the jars; none if one of them is no jar. */
    static Optional<String> name(JavaVersion version, List<String> jars) {
        try {
            StringBuilder identity = new StringBuilder();
            Path java = version.java().toRealPath();
            Path bin = java.getParent();
            Path home = bin == null ? null : bin.getParent();
            if (home == null) {
                return Optional.empty();
            }
            describe(home.resolve("release"), identity);
            describe(home.resolve("lib").resolve("modules"), identity);
            for (String jar : jars) {
                Path file = Path.of(jar);
                if (!Files.isRegularFile(file)) {
                    return Optional.empty();
                }
                describe(file, identity);
            }
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(identity.toString().getBytes(StandardCharsets.UTF_8));
            return Optional.of(
                    "worker-" + version.feature() + "-" + HexFormat.of().formatHex(hash, 0, NAME_BYTES));
        } catch (IOException e) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static void describe(Path file, StringBuilder identity) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        identity.append(file)
                .append('\n')
                .append(now.size())
                .append(' ')
                .append(now.lastModifiedTime().toMillis())
                .append(' ')
                .append(now.fileKey())
                .append('\n');
    }
}
