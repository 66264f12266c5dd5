// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A mistake in the options is refused, in one clear line, before any process starts. */
class LaunchSpecTest {
    private static final LaunchSpec SPEC = LaunchSpec.defaults();

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "512mb", "-1m", "0", "1.5g", "99999999999t", "512 m", "999999999999999999999"})
    void aSizeThatIsNoneIsQuotedBesideOneThatIs(String text) {
        assertThatThrownBy(() -> SPEC.withHeap(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a memory size: '" + text + "'; write a number and k, m, g or t, such as 512m or 2g");
    }

    @ParameterizedTest
    @CsvSource({
        "512m, 536870912, 512m, 512 MiB",
        "2G, 2147483648, 2g, 2 GiB",
        "1536m, 1610612736, 1536m, 1.5 GiB",
        "65536k, 67108864, 64m, 64 MiB",
        "1t, 1099511627776, 1t, 1 TiB",
        "1000, 1000, 1000, 1000 bytes"
    })
    void aSizeIsReadAndSaidInTheLargestUnit(String text, long bytes, String flag, String words) {
        MemorySize size = MemorySize.parse(text);
        assertThat(size.bytes()).isEqualTo(bytes);
        assertThat(size.asFlag()).isEqualTo(flag);
        assertThat(size).hasToString(words);
    }

    @Test
    void noWorkerBelievesToHaveFewerThanTwoProcessors() {
        assertThat(SPEC.withActiveProcessors(1).activeProcessors()).isEqualTo(2);
        assertThat(LaunchSpec.processorsFor(1000)).isEqualTo(2);
    }

    @Test
    void aDirectoryOrAJavaThatIsNotThereIsNamed() {
        Path missing = Path.of("/nowhere/at all");
        assertThatThrownBy(() -> SPEC.withWorkingDirectory(missing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/nowhere/at all is not a directory");
        assertThatThrownBy(() -> SPEC.withJavaHome(missing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/nowhere/at all/bin/java");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-cp", "--class-path=x.jar", "-jar", "@file", " "})
    void anArgumentThatWouldHideTheWorkersOwnClassesIsRefused(String argument) {
        assertThatThrownBy(() -> SPEC.withJvmArgs(List.of(argument)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("jvmArgs: ");
    }

    @Test
    void aVariableThatNoSystemTakesIsRefused() {
        assertThatThrownBy(() -> SPEC.withEnv(Map.of("A=B", "c")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("env: 'A=B'");
    }

    @Test
    void aSlotsVariablesComeBesideAndInPlaceOfThoseOfAll() {
        LaunchSpec spec = SPEC.withEnv(Map.of("ALL", "a", "DEVICE", "none"))
                .withSlotEnv(slot -> slot == 0 ? Map.of() : Map.of("DEVICE", "gpu" + slot));
        assertThat(spec.envOf(0)).containsEntry("DEVICE", "none").containsEntry("ALL", "a");
        assertThat(spec.envOf(2)).containsEntry("DEVICE", "gpu2").containsEntry("ALL", "a");
        assertThat(spec.sameForEverySlot()).isFalse();
        assertThat(SPEC.sameForEverySlot()).isTrue();
    }

    @Test
    void aSlotsVariablesAreCheckedWhenTheyAreGiven() {
        assertThatThrownBy(() -> SPEC.withSlotEnv(slot -> Map.of("A=B", "c")).envOf(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("env: 'A=B'");
    }

    @ParameterizedTest
    @CsvSource({
        "0, exited with code 0",
        "3, exited with code 3",
        "134, killed by SIGABRT",
        "137, killed by SIGKILL",
        "139, killed by SIGSEGV",
        "143, killed by SIGTERM",
        "128, exited with code 128",
        "250, exited with code 250",
        "222, 'exited with code 222, for it could not connect to its coordinator'",
        "-1073741819, exited with code 0xc0000005"
    })
    void anExitStatusIsACodeOrAKnownSignal(int value, String words) {
        ExitStatus status = new ExitStatus(value);
        assertThat(status.words()).isEqualTo(words);
        assertThat(status.signal().isPresent()).isNotEqualTo(status.exitCode().isPresent());
        assertThat(status.signal().isPresent()).isEqualTo(words.startsWith("killed"));
    }
}
