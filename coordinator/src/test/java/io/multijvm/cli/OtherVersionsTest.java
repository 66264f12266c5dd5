// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A job may bring other versions of the libraries that the program itself is made of, and sees only its own. */
@Timeout(120)
class OtherVersionsTest {
    /** Classes of ours, on both sides and in every mode. */
    private static final List<String> LIBRARIES = List.of(
            "com.google.protobuf.ByteString",
            "com.google.common.base.Strings",
            "io.grpc.Status",
            "com.google.gson.Gson",
            "picocli.CommandLine");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "processes, beside", "threads, beside", "serial, beside",
        "processes, inside", "threads, inside", "serial, inside"
    })
    void aJobSeesTheVersionsThatItBrings(String mode, String where) {
        Map<String, String> theirs = new LinkedHashMap<>();
        LIBRARIES.forEach(name -> theirs.put(name, library(name)));
        Program program;
        if (where.equals("beside")) {
            Path libraries = CompiledJar.of(directory.resolve("libraries.jar"), theirs);
            Path job = CompiledJar.of(directory.resolve("job.jar"), Map.of("theirs.Versions", job()), libraries);
            program = run(job, mode, "--jars", directory + File.pathSeparator + libraries);
        } else {
            theirs.put("theirs.Versions", job());
            program = run(CompiledJar.of(directory.resolve("job.jar"), theirs), mode);
        }
        assertThat(program.err()).as("what was said").singleElement().asString().contains("2 ok, 0 failed");
        assertThat(program.out())
                .hasSize(2)
                .allSatisfy(line -> assertThat(LIBRARIES)
                        .allSatisfy(name ->
                                assertThat(line).contains("\"" + name + "\":\"theirs of " + name + " by job\"")));
    }

    private static Program run(Path job, String mode, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "run",
                job.toString(),
                "--no-progress",
                "--call",
                "theirs.Versions::all",
                "--range",
                "0..2",
                "--mode",
                mode));
        args.addAll(List.of(more));
        return Program.run(args.toArray(String[]::new));
    }

    private static String library(String name) {
        int dot = name.lastIndexOf('.');
        return "package " + name.substring(0, dot) + "; public final class " + name.substring(dot + 1)
                + " { public static final String VERSION = String.valueOf(\"theirs of " + name + "\"); }";
    }

    private static String job() {
        StringBuilder source = new StringBuilder("package theirs; import java.util.*; public final class Versions {"
                + " public static Map<String, String> all(long item) { Map<String, String> all = new TreeMap<>();");
        LIBRARIES.forEach(name -> source.append(" all.put(\"" + name + "\", " + name + ".VERSION + \" by \" + " + name
                + ".class.getClassLoader().getName());"));
        return source.append(" return all; } }").toString();
    }
}
