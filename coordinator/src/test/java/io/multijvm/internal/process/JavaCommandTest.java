// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each JVM is told what its version understands, and what the user says wins. */
class JavaCommandTest {
    private static final Path DIRECTORY = Path.of("/run/100% mine");
    private static final String SERIAL = "-XX:+UseSerialGC";
    private static final String SAFEPOINTS = "-XX:+UseCountedLoopSafepoints";

    @Test
    void aFlagThatAnOldJvmWouldDieOfIsGivenToNewOnesOnly() {
        String unsafe = "--sun-misc-unsafe-memory-access=allow";
        assertThat(flags(17, LaunchSpec.defaults())).doesNotContain(unsafe);
        assertThat(flags(23, LaunchSpec.defaults())).doesNotContain(unsafe);
        assertThat(flags(24, LaunchSpec.defaults())).contains(unsafe);
    }

    @Test
    void aPercentSignInThePathOfTheFatalErrorLogIsNotTakenForAPlaceholder() {
        assertThat(flags(17, LaunchSpec.defaults())).contains("-XX:ErrorFile=/run/100%% mine/hs_err.log");
    }

    @Test
    void theSerialCollectorComesWithSafepointsInCountedLoops() {
        assertThat(flags(17, LaunchSpec.defaults())).contains(SERIAL, SAFEPOINTS, "-XX:LoopStripMiningIter=1000");
    }

    @Test
    void aCollectorThatTheUserChoseIsTheOnlyOne() {
        assertThat(flags(17, args("-XX:+UseG1GC"))).doesNotContain(SERIAL, SAFEPOINTS);
        assertThat(flags(17, args("-XX:+UseParallelGC"))).doesNotContain(SERIAL).contains(SAFEPOINTS);
    }

    @Test
    void aCollectorInTheEnvironmentCountsToo() {
        List<String> flags = JavaCommand.of(
                        LaunchSpec.defaults(),
                        new JavaVersion(Path.of("java"), 17),
                        DIRECTORY,
                        Map.of("JAVA_TOOL_OPTIONS", "-Dx=y -XX:+UseG1GC"),
                        "Main",
                        List.of())
                .flags();
        assertThat(flags).doesNotContain(SERIAL);
    }

    @Test
    void whatTheUserGaveComesLast() {
        List<String> flags = JavaCommand.of(
                        args("-Xmx1g", "-Dmine=2").withHeap("512m").withActiveProcessors(1),
                        new JavaVersion(Path.of("java"), 17),
                        DIRECTORY,
                        Map.of(),
                        "Main",
                        List.of("-Dmine=1"))
                .flags();
        assertThat(flags)
                .startsWith("-Xmx512m", "-XX:ActiveProcessorCount=2")
                .endsWith("-Dmine=1", "-Xmx1g", "-Dmine=2");
    }

    @Test
    void aWorkerInheritsAccessAssertionsAndPropertiesButNothingThatFitsOneProcess() {
        assertThat(InheritedArguments.safeSubset(List.of(
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--enable-preview",
                        "-ea",
                        "-ea:my.pkg...",
                        "-Dfile.encoding=UTF-8",
                        "-Djava.library.path=/lib/mine",
                        "-Djava.util.logging.config.file=log.properties",
                        "-Dmy.key=1",
                        "-Xmx8g",
                        "-XX:+UseZGC",
                        "-agentlib:jdwp=transport=dt_socket,server=y",
                        "-javaagent:coverage.jar",
                        "-Dcom.sun.management.jmxremote.port=9010",
                        "-Djava.class.path=/x",
                        "-Dsurefire.test.class.path=/x",
                        "-Dio.multijvm.test=1",
                        "-verbose:gc")))
                .containsExactly(
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--enable-preview",
                        "-ea",
                        "-ea:my.pkg...",
                        "-Dfile.encoding=UTF-8",
                        "-Djava.library.path=/lib/mine",
                        "-Djava.util.logging.config.file=log.properties",
                        "-Dmy.key=1");
    }

    @Test
    void theReleaseFileAndTheProgramItselfTellTheSameVersion() throws Exception {
        Path java = JavaVersion.program(null);
        assertThat(JavaVersion.ask(java)).isEqualTo(Runtime.version().feature());
        assertThat(JavaVersion.of(java).feature()).isEqualTo(Runtime.version().feature());
    }

    private static LaunchSpec args(String... args) {
        return LaunchSpec.defaults().withJvmArgs(List.of(args));
    }

    private static List<String> flags(int feature, LaunchSpec spec) {
        return JavaCommand.of(spec, new JavaVersion(Path.of("java"), feature), DIRECTORY, Map.of(), "Main", List.of())
                .flags();
    }
}
