// SPDX-License-Identifier: Apache-2.0
package io.multijvm.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.cli.MultijvmMain;
import io.multijvm.testkit.PromiseTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README shows nothing that does not happen. */
@Timeout(180)
@PromiseTest
class ReadmeTest {
    private static final String JOB_JAR = "examples/target/multijvm-examples.jar";

    /** What the README says of a snippet's names. */
    private static final List<String> IMPORTS = List.of(
            "java.net.*",
            "java.time.*",
            "java.util.*",
            "java.util.concurrent.*",
            "io.multijvm.*",
            "io.multijvm.shared.*",
            "io.multijvm.task.*");

    private final Readme readme = Readme.ofThisTree();

    @TempDir
    Path files;

    @TestFactory
    List<DynamicTest> everyJavaSnippetPrintsWhatStandsBelowIt() {
        List<Readme.Block> snippets = readme.blocksIn("java");
        assertThat(snippets).isNotEmpty();
        return snippets.stream()
                .map(snippet -> DynamicTest.dynamicTest(
                        "the snippet at line " + snippet.line(), () -> printsWhatStandsBelow(snippet)))
                .toList();
    }

    private void printsWhatStandsBelow(Readme.Block snippet) throws IOException, InterruptedException {
        Path directory = Files.createDirectory(files.resolve("line" + snippet.line()));
        Path source = directory.resolve("Snippet.java");
        List<String> program = new ArrayList<>();
        IMPORTS.forEach(each -> program.add("import " + each + ";"));
        program.add("public class Snippet {");
        program.add("    public static void main(String[] args) throws Exception {");
        program.addAll(snippet.lines());
        program.add("    }");
        program.add("}");
        Files.write(source, program);
        Path classes = Files.createDirectory(directory.resolve("classes"));
        Sources.compile(classes, List.of(source));

        ProgramRun ran = ProgramRun.run(directory, classes, "Snippet", List.of());

        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isZero();
        assertThat(readme.after(snippet).language()).isEqualTo("text");
        assertThat(ran.out()).isEqualTo(readme.after(snippet).lines());
    }

    @Test
    void theSnippetThatComesFirstHasFiveLines() {
        assertThat(readme.blocksIn("java").get(0).lines()).hasSize(5);
    }

    @Test
    void theTranscriptIsThatOfARealRun() throws IOException, InterruptedException {
        Readme.Block transcript = readme.blocksIn("console").get(0);
        List<String> command = words(transcript.lines().get(0));
        assertThat(command.subList(0, 4)).containsExactly("$", "bin/multijvm", "run", JOB_JAR);
        List<String> arguments = new ArrayList<>(command.subList(2, command.indexOf(">")));
        arguments.set(1, jarOf("Faulty").toString());

        ProgramRun ran = ProgramRun.run(files, files, MultijvmMain.class.getName(), arguments);

        List<String> shown = transcript.lines().subList(1, transcript.lines().size());
        assertThat(Transcripts.comparable(ran.err())).isEqualTo(Transcripts.comparable(shown));
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out()).hasSize(50);
        assertThat(ran.out().get(37)).startsWith("{\"index\":37,\"error\":{\"kind\":\"CRASH\"");
        assertThat(ran.out()).filteredOn(line -> line.contains("\"value\":")).hasSize(49);
    }

    @Test
    void theMainCommandGivesTheCountsThatStandBelowIt() throws IOException, InterruptedException {
        String line = readme.command("main-command");
        List<String> command = words(line.substring(0, line.indexOf('|')));
        assertThat(line.substring(line.indexOf('|'))).isEqualTo("| grep -o '\"value\":[0-9]*' | sort | uniq -c");
        assertThat(command.subList(0, 3)).containsExactly("bin/multijvm", "run", JOB_JAR);
        List<String> arguments = new ArrayList<>(command.subList(1, command.size()));
        arguments.set(1, jarOf("HowManyWithinRange").toString());

        ProgramRun ran = ProgramRun.run(files, files, MultijvmMain.class.getName(), arguments);

        assertThat(ran.exitCode()).as(String.join("\n", ran.err())).isZero();
        Readme.Block shown = readme.blocks().stream()
                .filter(each -> each.language().equals("text") && each.text().contains("\"value\":"))
                .findFirst()
                .orElseThrow();
        assertThat(Transcripts.counts(ran.out())).isEqualTo(shown.lines());
    }

    @Test
    void theTestCommandNeedsOnlyMaven() {
        assertThat(readme.command("test-command")).isEqualTo("mvn -B -ntp verify");
    }

    @Test
    void everyLinkLeadsToAFile() {
        assertThat(Transcripts.linksOf(readme.lines()))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(Readme.home().resolve(link)).exists());
    }

    /** A job jar of one example, whether or not the examples have been built. */
    private Path jarOf(String example) throws IOException {
        Path classes = Files.createDirectory(files.resolve("classes"));
        Path source = Readme.home().resolve("examples/src/main/java/examples/" + example + ".java");
        Sources.compile(classes, List.of(source));
        Path jar = files.resolve("job.jar");
        Sources.jar(jar, classes);
        return jar;
    }

    private static List<String> words(String line) {
        return List.of(line.trim().split(" +"));
    }
}
