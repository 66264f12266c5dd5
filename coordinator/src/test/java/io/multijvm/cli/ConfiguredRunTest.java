// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flags that a command does not give come from variables and files. */
@Timeout(60)
class ConfiguredRunTest {
    @TempDir
    Path directory;

    private String jar = "";
    private Path here = Path.of("");
    private Path home = Path.of("");

    @BeforeEach
    void packageTheJob() {
        jar = TestJar.ofSample(directory).toString();
        here = directory.resolve("multijvm.properties");
        home = directory.resolve("config.properties");
    }

    @Test
    void theCommandWinsOverTheEnvironmentOverTheFileHereOverTheUsersFile() throws IOException {
        assertThat(dryRun(Map.of())).contains("chunk      measured while it runs");
        Files.writeString(home, "chunk=4\nretries=5\n# a remark\nheap = 100m\n");
        assertThat(dryRun(Map.of())).contains("chunk      4 items", "retries    5", "heap       100m each");
        Files.writeString(here, "chunk=3\nretries=2");
        assertThat(dryRun(Map.of())).contains("chunk      3 items", "retries    2", "heap       100m each");
        Map<String, String> environment = Map.of("MULTIJVM_CHUNK", "7", "MULTIJVM_RETRIES", "");
        assertThat(dryRun(environment)).contains("chunk      7 items", "retries    2");
        assertThat(dryRun(environment, "--chunk", "9")).contains("chunk      9 items", "retries    2");
    }

    @Test
    void severalJvmFlagsInAVariableAreToldApartByBlanks() {
        Map<String, String> environment = Map.of("MULTIJVM_JVM_ARG", "-Xss2m  -Da=b,c");
        assertThat(worker(dryRun(environment))).contains(" -Xss2m -Da=b,c -cp ");
        assertThat(worker(dryRun(environment, "--jvm-arg", "-Dd=e f")))
                .contains(" '-Dd=e f' -cp ")
                .doesNotContain("-Xss2m");
    }

    @Test
    void aSwitchThatIsConfiguredAndGivenIsOn() {
        Map<String, String> environment = Map.of("MULTIJVM_QUIET", "true", "MULTIJVM_MODE", "serial");
        assertThat(run(environment, "--range", "0..1").err()).isEmpty();
        assertThat(run(environment, "--range", "0..1", "-q").err()).isEmpty();
        assertThat(run(environment, "--range", "0..1", "--quiet").err()).isEmpty();
        assertThat(run(Map.of("MULTIJVM_QUIET", "false", "MULTIJVM_MODE", "serial"), "--range", "0..1")
                        .err())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"threads", "serial"})
    void whatIsOnlyConfiguredIsNotRefusedByAModeThatCannotUseIt(String mode) {
        Map<String, String> environment = Map.of(
                "MULTIJVM_HEAP", "100m",
                "MULTIJVM_WORKERS", "2",
                "MULTIJVM_JVM_ARG", "-Xss2m",
                "MULTIJVM_RETRIES", "3",
                "MULTIJVM_MODE", "processes");
        assertThat(run(environment, "--range", "0..1", "--mode", mode).exitCode())
                .isZero();
        assertThat(run(environment, "--range", "0..1", "--mode", mode, "--heap", "100m")
                        .err())
                .containsExactly("error: --heap means nothing with --mode " + mode + "; leave one of the two out");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            WORKERS | 0     | MULTIJVM_WORKERS in the environment: must be at least 1, not 0
            WORKERS | two   | MULTIJVM_WORKERS in the environment: 'two' is not an int; see multijvm run --help
            HEAP    | much  | MULTIJVM_HEAP in the environment: "much" is not a size; write it as 512m or 2g
            MODE    | both  | MULTIJVM_MODE in the environment: "both" is not a mode; give processes, threads or serial
            QUIET   | maybe | MULTIJVM_QUIET in the environment: 'maybe' is not a boolean; see multijvm run --help
            """)
    void aBadValueNamesItsVariable(String name, String value, String said) {
        Program program = run(Map.of("MULTIJVM_" + name, value), "--range", "0..1");
        assertThat(program.err()).containsExactly("error: " + said);
        assertThat(program.exitCode()).isEqualTo(2);
    }

    @Test
    void aBadValueOnTheCommandLineIsNotBlamedOnTheEnvironment() {
        assertThat(run(Map.of("MULTIJVM_WORKERS", "2"), "--range", "0..1", "-j", "0")
                        .err())
                .containsExactly("error: --workers must be at least 1, not 0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            workers=0       | F: must be at least 1, not 0
            wrokers=2       | there is no key "wrokers"; did you mean workers?
            xyzzyxyzzy=2    | there is no key "xyzzyxyzzy"; keys are the long flags of multijvm run
            range=0..1      | range cannot be configured
            help=true       | there is no key "help"
            heap=\\u12      | cannot be read: Malformed
            """)
    void aMistakeInAFileNamesFileAndKey(String line, String said) throws IOException {
        Files.writeString(here, line + "\n");
        Program program = run(Map.of(), "--range", "0..1");
        assertThat(program.err())
                .singleElement()
                .asString()
                .startsWith("error: ")
                .contains(here.toString(), said.replace("F", "workers in " + here));
        assertThat(program.exitCode()).isEqualTo(2);
    }

    @Test
    void helpIsGivenWhateverIsConfigured() throws IOException {
        Files.writeString(here, "wrokers=2");
        Program help = runWhole(Map.of("MULTIJVM_WORKERS", "two"), "run", "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(String.join("\n", help.out())).contains("--jvm-arg=ARG ", "MULTIJVM_WORKERS");
    }

    private List<String> dryRun(Map<String, String> environment, String... more) {
        List<String> args = new ArrayList<>(List.of("--range", "0..10", "--dry-run", "-j", "1"));
        args.addAll(Arrays.asList(more));
        Program program = run(environment, args.toArray(String[]::new));
        assertThat(program.err()).isEmpty();
        assertThat(program.exitCode()).isZero();
        return program.out();
    }

    private static String worker(List<String> dryRun) {
        return dryRun.get(dryRun.size() - 1);
    }

    private Program run(Map<String, String> environment, String... more) {
        List<String> args = new ArrayList<>(List.of("run", jar, "--call", "jobs.Sample::doubled"));
        args.addAll(Arrays.asList(more));
        return runWhole(environment, args.toArray(String[]::new));
    }

    private Program runWhole(Map<String, String> environment, String... args) {
        return Program.runConfigured(new Configuration.Places(environment, List.of(here, home)), args);
    }
}
