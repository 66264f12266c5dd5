// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.failure.FailureKind;
import io.multijvm.failure.ItemOutput;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A death on a terminal of 80 columns. */
class CrashBlockTest {
    private static final List<String> REPEAT = List.of(
            "sed",
            "-n",
            "1978p",
            "files.txt",
            "|",
            "multijvm",
            "run",
            "parsers.jar",
            "--call",
            "com.acme.Parsers::countPages",
            "-j",
            "1",
            "--heap",
            "384m",
            "--retries",
            "0",
            "--lines",
            "-");

    private static CrashReport report(String what, String frame, String verdict, List<String> output) {
        return new CrashReport(
                DeathKind.NATIVE_CRASH,
                Instant.EPOCH,
                what,
                OptionalInt.empty(),
                OptionalInt.of(11),
                CrashReport.Item.of(1977, 2, Optional.of(Duration.ofMillis(1840))),
                new CrashReport.Worker(3, 2, 41209, 1571),
                new CrashReport.Memory(143L << 20, 384L << 20, 402L << 20, 410L << 20),
                frame,
                List.of("com.acme.pdf.Native.load", "com.acme.Parsers.countPages"),
                output,
                List.of(Path.of("w3-2", "hs_err.log")),
                verdict,
                "Look for the native library or Unsafe call in these frames; an item like this one will crash again.");
    }

    private static List<String> block(Look look, CrashReport report, String item) {
        FailedItem.Crash crash = new FailedItem.Crash(report, "worker replaced in 412 ms; nothing else lost", REPEAT);
        FailedItem failed =
                new FailedItem(1977, item, FailureKind.CRASH, "unused", 2, Optional.of(crash), ItemOutput.EMPTY);
        return new TextWording(look).failure(failed).lines().toList();
    }

    @Test
    void everyFactStandsBehindItsWord() {
        CrashReport report = report(
                "killed by SIGSEGV in native code; it touched address 0x18",
                "C  [libpdfium.so+0x2f4c1]  FPDF_LoadPage",
                "same frame as in attempt 1, so it looks tied to this item",
                List.of("pdfium: bad xref at 88121"));
        assertThat(block(new Look(true, true, false), report, "line 1978: \"of/acme/scan-1977.pdf\""))
                .containsExactly(
                        "\u2717 CRASH line 1978: \"of/acme/scan-1977.pdf\"",
                        "  (item 1977, attempt 2, worker 3, pid 41209)",
                        "  what     killed by SIGSEGV in native code; it touched address 0x18",
                        "  where    C  [libpdfium.so+0x2f4c1]  FPDF_LoadPage",
                        "           com.acme.pdf.Native.load",
                        "           com.acme.Parsers.countPages",
                        "  running  1.84 s \u00B7 heap 143/384 MiB \u00B7 RSS 402 MiB (peak 410) \u00B7",
                        "           worker had done 1571 items",
                        "  verdict  same frame as in attempt 1, so it looks tied to this item",
                        "  effect   worker replaced in 412 ms; nothing else lost",
                        "  files    " + Path.of("w3-2", "hs_err.log"),
                        "           | pdfium: bad xref at 88121",
                        "  repeat   sed -n 1978p files.txt | multijvm run parsers.jar --call \\",
                        "             com.acme.Parsers::countPages -j 1 --heap 384m --retries 0 --lines -",
                        "  next     Look for the native library or Unsafe call in these frames; an item",
                        "           like this one will crash again.");
    }

    @Test
    void withoutATerminalItIsPlainAsciiAndColoursTakeNoColumns() {
        CrashReport report = report("killed by SIGSEGV", "", "", List.of());
        List<String> plain = block(Look.PLAIN, report, "number 7");
        assertThat(plain.get(0)).isEqualTo("CRASH number 7 (item 1977, attempt 2, worker 3, pid 41209)");
        assertThat(plain).allMatch(line -> line.chars().allMatch(c -> c < 128));
        List<String> coloured = block(new Look(true, false, true), report, "number 7");
        assertThat(coloured.get(0))
                .isEqualTo("\u001B[31mx\u001B[0m \u001B[31mCRASH\u001B[0m number 7 "
                        + "(item 1977, attempt 2, worker 3, pid 41209)");
    }

    @Test
    void noLineIsWiderThanATerminalAndWhatOthersWroteCannotSteerIt() {
        CrashReport report = report(
                "crashed " + "very ".repeat(60) + "badly", "C  \u001B[2Jevil", "so ".repeat(50), List.of("a\u0007b"));
        List<String> block = block(Look.PLAIN, report, "line 1: \"" + "x".repeat(60) + "\"");
        assertThat(block).allMatch(line -> line.length() <= 80);
        assertThat(String.join("\n", block)).doesNotContain("\u001B", "\u0007").contains("C  ?[2Jevil", "| a?b");
    }

    @Test
    void timesAreInTheUnitThatFits() {
        assertThat(CrashBlock.time(Duration.ofMillis(12))).isEqualTo("12 ms");
        assertThat(CrashBlock.time(Duration.ofMillis(1840))).isEqualTo("1.84 s");
        assertThat(CrashBlock.time(Duration.ofSeconds(185))).isEqualTo("3 min 5 s");
    }
}
