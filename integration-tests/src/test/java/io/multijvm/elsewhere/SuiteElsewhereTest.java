// SPDX-License-Identifier: Apache-2.0
package io.multijvm.elsewhere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.testkit.ChildJvm;
import io.multijvm.testkit.NothingLeft;
import io.multijvm.testkit.SuiteMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Not under the watchdog of single tests: each of these is a whole suite, whose own tests are. */
@ExtendWith(NothingLeft.class)
class SuiteElsewhereTest {
    private static final int MINUTES = 10;
    /** Whatever is said over the wire, and deaths that are heard of there. */
    private static final List<String> OVER_ANOTHER_WIRE =
            List.of("io.multijvm.contract.ProcessesPoolContractTest", "io.multijvm.promises.DeathCostsOneItemTest");

    private static final List<String> ON_ANOTHER_JVM = List.of(
            "io.multijvm.contract.ProcessesPoolContractTest",
            "io.multijvm.promises.PayloadTest",
            "io.multijvm.promises.FaultMatrixTest");

    @TempDir
    Path directory;

    @Test
    void theSuitePassesOverLoopbackTcpWithoutNativeEventLoop() throws Exception {
        run(
                ChildJvm.java(),
                List.of("-Dio.multijvm.transport=tcp", "-Dio.multijvm.eventloop=nio"),
                OVER_ANOTHER_WIRE,
                "TCP and NIO");
    }

    @Test
    void theSuitePassesOnJdk25() throws Exception {
        Optional<Path> home = ChildJvm.findJdk(25);
        if (home.isEmpty()) {
            System.out.println("SKIPPED: there is no JDK 25 beside this one, and MULTIJVM_JDK25 does not name one");
        }
        assumeTrue(home.isPresent(), "no JDK 25 was found");
        run(
                home.orElseThrow().resolve("bin/java"),
                List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"),
                ON_ANOTHER_JVM,
                "JDK 25");
    }

    private void run(Path java, List<String> flags, List<String> classes, String where)
            throws IOException, InterruptedException {
        Path output = directory.resolve("output.txt");
        List<String> all = new ArrayList<>(flags);
        all.add("-Dmultijvm.rounds=1");
        Process suite = ChildJvm.start(java, all, output, SuiteMain.class, classes.toArray(String[]::new));
        try {
            assertThat(suite.waitFor(MINUTES, TimeUnit.MINUTES))
                    .as("ended within " + MINUTES + " minutes")
                    .isTrue();
        } finally {
            suite.destroyForcibly();
            suite.waitFor();
        }
        String said = Files.readString(output);
        said.lines()
                .filter(line -> line.contains(" passed, "))
                .forEach(line -> System.out.println(where + ": " + line));
        assertThat(suite.exitValue()).as(said).isZero();
    }
}
