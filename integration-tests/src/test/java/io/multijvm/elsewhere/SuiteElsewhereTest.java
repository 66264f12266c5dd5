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

/**
 * Tests of this module once more, over another wire and on another JDK. The normal run chooses: over TCP and NIO the contract
 * of pools, which is all that is said over the wire, and each kind of death heard of there; on JDK 25 each row of the fault
 * matrix, both ways of large payloads, and what a JDK has a say in of the contract of pools: interrupts, time-outs, ends. The
 * profile {@code long} runs all classes in both places, with what is left out here: the payloads of 300 MiB on JDK 25, for one.
 *
 * <p>Not under the watchdog of single tests: each of these is a whole suite, whose own tests are.
 */
@ExtendWith(NothingLeft.class)
class SuiteElsewhereTest {
    private static final int MINUTES = 10;

    /** Whether all of {@link #ALL} is run in both places. */
    private static final boolean WHOLE = Boolean.getBoolean("multijvm.elsewhere.whole");

    private static final String CONTRACT = "io.multijvm.contract.ProcessesPoolContractTest";
    private static final String DEATHS = "io.multijvm.promises.DeathCostsOneItemTest";
    private static final String FAULTS = "io.multijvm.promises.FaultMatrixTest";
    private static final String PAYLOADS = "io.multijvm.promises.PayloadTest";

    private static final List<String> ALL = List.of(CONTRACT, DEATHS, FAULTS, PAYLOADS);

    private static final List<String> OVER_ANOTHER_WIRE = List.of(CONTRACT, DEATHS);

    private static final List<String> ON_ANOTHER_JVM = List.of(
            FAULTS,
            PAYLOADS + "#whatIsBetweenTheRingAndAFrameCrossesWhole",
            PAYLOADS + "#largeFunctionsItemsResultsAndFailuresOfEveryKindCrossManyTimes",
            PAYLOADS + "#whatIsCancelledOrNotTakenLeavesNothingBehind",
            PAYLOADS + "#whatCannotCrossIsToldAndCostsNothingElse",
            CONTRACT + "#resultsComeInInputOrderWhateverTheChunks(int)",
            CONTRACT + "#aCallerWhoIsInterruptedGetsACancellationAndKeepsItsFlag",
            CONTRACT + "#cancellingAFutureStopsItsRunningItem",
            CONTRACT + "#orTimeoutStopsTheItem",
            CONTRACT + "#terminateCancelsWhatIsUnfinished",
            CONTRACT + "#closeWaitsForWhatWasSubmitted");

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
        all.addAll(List.of("-Dmultijvm.rounds=1", "-Dio.multijvm.archives=read"));
        List<String> chosen = WHOLE ? ALL : classes;
        Process suite = ChildJvm.start(java, all, output, SuiteMain.class, chosen.toArray(String[]::new));
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
