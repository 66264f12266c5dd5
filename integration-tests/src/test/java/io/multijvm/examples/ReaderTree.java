// SPDX-License-Identifier: Apache-2.0
package io.multijvm.examples;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A directory that is, to the commands of a document, what the built source tree is to its reader: the program under its
 * name, and the two jars in their places. The tests may run before anything is packaged, so they are made of classes.
 */
final class ReaderTree {
    private static final long MOST_SECONDS = 120;

    private final Path top;

    /** What a command wrote, and how it ended. */
    record Ran(int exitCode, List<String> out, List<String> err) {}

    ReaderTree(Path top) throws IOException, URISyntaxException {
        this.top = top;
        ExamplesJar.at(top.resolve("examples/target/multijvm-examples.jar"));
        Path program = top.resolve("coordinator/target/multijvm-program.jar");
        Files.createDirectories(program.getParent());
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.CLASS_PATH, libraries());
        new JarOutputStream(Files.newOutputStream(program), manifest).close();
        Path script = top.resolve("bin/multijvm");
        Files.createDirectories(script.getParent());
        Files.writeString(
                script, "#!/bin/sh\nexec java -Xmx128m -cp " + program + " io.multijvm.cli.MultijvmMain \"$@\"\n");
        if (!script.toFile().setExecutable(true)) {
            throw new IOException(script + " cannot be made executable");
        }
    }

    /** Not the examples, which come from their jar, nor a logging interface that would warn of having no logger. */
    private static String libraries() throws URISyntaxException {
        Path examples = ExamplesJar.given();
        return Stream.of(System.getProperty("java.class.path", "").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(entry -> !entry.toAbsolutePath().equals(examples.toAbsolutePath()))
                .filter(entry -> !entry.getFileName().toString().startsWith("slf4j-"))
                .map(entry -> entry.toUri().toString())
                .collect(Collectors.joining(" "));
    }

    /** Runs a line of shell in the tree's top directory. */
    Ran run(String command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(top, "out", "");
        Path err = Files.createTempFile(top, "err", "");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .directory(top.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Path java = Path.of(System.getProperty("java.home"), "bin");
        builder.environment().merge("PATH", java.toString(), (old, ours) -> ours + File.pathSeparator + old);
        builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        Process shell = builder.start();
        try {
            if (!shell.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
                shell.descendants().forEach(ProcessHandle::destroyForcibly);
                throw new AssertionError("not ended within " + MOST_SECONDS + " s: " + command);
            }
        } finally {
            shell.destroyForcibly();
        }
        return new Ran(shell.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
    }
}
