// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process is gone when it certainly is, and never for want of an answer. */
class ProcessStampTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ProcessStamp OURS = ProcessStamp.ofThisProcess();

    @Test
    void aStampIsReadAsItWasWritten() {
        assertThat(ProcessStamp.parse(OURS.toString())).hasValue(OURS);
        assertThat(OURS.pid()).isEqualTo(ProcessHandle.current().pid());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "1-2", "1-2-", "-1-2-x", "1-2-X", "1-2-../x", "1-2-x-y", "9999999999999999999-2-x"})
    void anyOtherTextIsNone(String text) {
        assertThat(ProcessStamp.parse(text)).isEmpty();
    }

    @Test
    void whatCannotBeWrittenIsRefused() {
        assertThatThrownBy(() -> new ProcessStamp(1, 2, "a/b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a/b");
    }

    @Test
    void aProcessThatLivesIsNotGoneAndOneThatHasItsPidNowDoesNotSaveTheOneBefore() {
        assertThat(OURS.isGone()).isFalse();
        assertThat(new ProcessStamp(OURS.pid(), OURS.start() + 1, OURS.place()).isGone())
                .isTrue();
    }

    @Test
    void ofAnotherContainerOrMachineNobodyIsGone() {
        ProcessStamp elsewhere = new ProcessStamp(999_999_999, 1, "elsewhere");
        assertThat(elsewhere.isGone()).isFalse();
        assertThat(new ProcessStamp(999_999_999, 1, OURS.place()).isGone()).isTrue();
        assertThat(new ProcessStamp(999_999_999, 1, "unknown").isGone()).isFalse();
    }

    @Test
    void aProcessIsGoneWhenItHasEndedEvenIfNobodyReapsIt() throws Exception {
        assumeTrue(new File("/proc/self/stat").exists(), "there is no /proc");
        // the shell starts one that ends with our word, and becomes a program that never asks for it
        Process shell = new ProcessBuilder("/bin/sh", "-c", "exec 3<&0; cat <&3 >&2 & echo $!; exec sleep 600").start();
        try (var said = shell.inputReader()) {
            long child = Long.parseLong(said.readLine());
            await().atMost(PATIENCE)
                    .until(() -> List.of(shell.info().arguments().orElse(new String[0]))
                            .equals(List.of("600")));
            shell.getOutputStream().close();
            ProcStat stat = statOf(child);
            while (!stat.ended()) {
                Thread.onSpinWait();
                stat = statOf(child);
            }
            assertThat(new ProcessStamp(child, stat.startTicks(), OURS.place()).isGone())
                    .isTrue();
        } finally {
            shell.destroyForcibly().waitFor();
        }
    }

    private static ProcStat statOf(long pid) {
        return Objects.requireNonNull(ProcStat.of(pid), "nobody has reaped it");
    }

    @Test
    void aNameInBracketsMayHoldAnything() {
        String fields = " S 7 8 9 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 9 9 9\n";
        assertThat(ProcStat.parse("12 (a) b (c)) S 1" + fields.substring(4))).isEqualTo(new ProcStat('S', 1, 9, 12345));
        assertThat(ProcStat.parse("12 (x)" + fields)).isEqualTo(new ProcStat('S', 7, 9, 12345));
        assertThat(ProcStat.parse("12 (x) S 7")).isNull();
        assertThat(ProcStat.parse("")).isNull();
    }
}
