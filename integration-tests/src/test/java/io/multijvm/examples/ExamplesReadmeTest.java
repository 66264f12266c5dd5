// SPDX-License-Identifier: Apache-2.0
package io.multijvm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What examples/README.md shows below a command is what the command prints. */
@Timeout(300)
@PromiseTest
class ExamplesReadmeTest {
    private static final Path HOME = Path.of(System.getProperty("multijvm.home", ".."));
    private static final Path README = HOME.resolve("examples/README.md");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

    @TempDir
    Path files;

    /** A command behind a dollar sign, and the lines up to the next one or the end of its block. */
    private record Shown(int line, String command, List<String> output) {}

    @TestFactory
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its commands are lines of a POSIX shell")
    List<DynamicTest> everyCommandPrintsWhatStandsBelowIt() throws IOException, URISyntaxException {
        ReaderTree tree = new ReaderTree(files);
        List<Shown> commands = shown();
        assertThat(commands).hasSizeGreaterThan(10);
        return commands.stream()
                .map(each -> DynamicTest.dynamicTest("line " + each.line() + ": " + each.command(), () -> {
                    ReaderTree.Ran ran = tree.run(each.command());
                    assertThat(ran.err()).isEmpty();
                    assertThat(ran.exitCode()).isZero();
                    assertThat(ran.out()).isEqualTo(each.output());
                }))
                .toList();
    }

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        List<String> links = Files.readAllLines(README).stream()
                .flatMap(line -> LINK.matcher(line).results())
                .map(link -> link.group(1))
                .toList();
        assertThat(links)
                .isNotEmpty()
                .allSatisfy(
                        link -> assertThat(README.resolveSibling(link)).as(link).exists());
    }

    /** So that none is added without a word of what it is for. */
    @Test
    void everyJobAndEveryProgramIsNamed() throws IOException {
        String text = Files.readString(README);
        for (JobsTest.Job job : JobsTest.JOBS) {
            String method = job.call().substring(job.call().indexOf("::") + 2);
            assertThat(text).as(job.call()).contains(method + "`");
        }
        try (var programs = Files.list(HOME.resolve("examples/src/main/java/examples/api"))) {
            programs.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("package-info.java") && !name.equals("PoolKind.java"))
                    .forEach(name -> assertThat(text).contains("(src/main/java/examples/api/" + name + ")"));
        }
    }

    /** {@link ProgramsTest} runs only those that use a pool. */
    @Test
    void everyProgramThatStartsProcessesOfItsOwnIsShown() throws IOException, URISyntaxException {
        ExamplesJar jar = ExamplesJar.at(files.resolve("jobs.jar"));
        List<String> ofAnyPool = jar.programsOfAnyPool();
        List<String> others = jar.classes(true).stream()
                .filter(type -> Modifier.isPublic(type.getModifiers()))
                .map(Class::getName)
                .filter(name -> !ofAnyPool.contains(name))
                .toList();
        assertThat(others).isNotEmpty();
        List<String> commands = shown().stream().map(Shown::command).toList();
        assertThat(others).allMatch(name -> commands.stream().anyMatch(command -> command.contains(' ' + name)));
    }

    private static List<Shown> shown() throws IOException {
        List<Shown> all = new ArrayList<>();
        boolean inside = false;
        int number = 0;
        for (String line : Files.readAllLines(README)) {
            number++;
            if (line.startsWith("```")) {
                inside = line.equals("```console");
            } else if (inside && line.startsWith("$ ")) {
                all.add(new Shown(number, line.substring(2), new ArrayList<>()));
            } else if (inside) {
                all.get(all.size() - 1).output().add(line);
            }
        }
        return all;
    }
}
