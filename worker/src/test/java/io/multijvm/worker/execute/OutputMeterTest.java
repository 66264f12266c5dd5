// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.wire.mapped.OutputRange;
import io.multijvm.wire.mapped.RecorderFile;
import io.multijvm.wire.mapped.RecorderReader;
import io.multijvm.wire.mapped.RecorderWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One item's output ends where the next one's begins, also when the files are cut meanwhile. */
@Timeout(20)
class OutputMeterTest {
    @TempDir
    Path directory;

    private final AtomicBoolean written = new AtomicBoolean();
    private Path stdout = Path.of("");
    private Path stderr = Path.of("");
    private RecorderReader reader = unopened();
    private OutputMeter meter = OutputMeter.NONE;

    @SuppressWarnings("NullAway") // set before each test
    private static RecorderReader unopened() {
        return null;
    }

    @BeforeEach
    void open() throws IOException {
        stdout = Files.createFile(directory.resolve("stdout"));
        stderr = Files.createFile(directory.resolve("stderr"));
        Path file = directory.resolve("recorder");
        RecorderFile.create(file, 4096);
        reader = RecorderReader.open(file);
        meter = OutputMeter.of(RecorderWriter.open(file), stdout, stderr, written);
    }

    @AfterEach
    void close() {
        reader.close();
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    @Test
    void eachItemHasWhatWasWrittenSinceTheOneBeforeAndADeathFindsWhereTheItemAtHandBegins() throws IOException {
        append(stdout, "12345");
        assertThat(meter.endItem(System.nanoTime())).isEqualTo(new OutputRange(0, 5, 0, 0));
        assertThat(meter.endItem(System.nanoTime())).isNull();
        append(stderr, "123");
        assertThat(reader.output()).isEqualTo(new OutputRange(5, OutputRange.END, 0, OutputRange.END));
        assertThat(meter.endItem(System.nanoTime())).isEqualTo(new OutputRange(5, 5, 0, 3));
        assertThat(reader.output()).isEqualTo(new OutputRange(5, OutputRange.END, 3, OutputRange.END));
    }

    @Test
    void aQuickItemIsLookedAtOnlyIfJavaCodeHasWritten() {
        long now = System.nanoTime();
        assertThat(meter.endItem(now)).isNull();
        assertThat(meter.isDue(now + 1000)).isFalse();
        assertThat(meter.isDue(now + 100_000)).isTrue();
        written.set(true);
        assertThat(meter.isDue(now + 1000)).isTrue();
        assertThat(meter.endItem(now + 1000)).isNull();
        assertThat(written).isFalse();
        assertThat(OutputMeter.NONE.isDue(now + 100_000)).isFalse();
    }

    @Test
    void whatIsWrittenWhileNoItemRunsIsNobodys() throws IOException {
        append(stdout, "before the first item");
        meter.skip(System.nanoTime());
        append(stdout, "!");
        assertThat(meter.endItem(System.nanoTime())).isEqualTo(new OutputRange(21, 22, 0, 0));
    }

    @Test
    void duringACutNothingIsMeasuredAndAfterItPlacesAreAsIfThereHadBeenNone() throws IOException {
        append(stdout, "x".repeat(1000));
        assertThat(meter.endItem(System.nanoTime())).isEqualTo(new OutputRange(0, 1000, 0, 0));
        reader.cutBegins();
        append(stdout, "own");
        assertThat(meter.endItem(System.nanoTime())).isNull();
        assertThat(meter.isDue(System.nanoTime())).isTrue();
        try (RandomAccessFile file = new RandomAccessFile(stdout.toFile(), "rw")) {
            file.setLength(103);
        }
        reader.cutEnded(900, 0);
        assertThat(meter.endItem(System.nanoTime())).isEqualTo(new OutputRange(1000, 1003, 0, 0));
    }

    @Test
    void anInterruptOfTheTaskHarmsNothing() throws IOException {
        append(stdout, "12");
        Thread.currentThread().interrupt();
        assertThat(meter.endItem(System.nanoTime())).isEqualTo(new OutputRange(0, 2, 0, 0));
        assertThat(Thread.interrupted()).isTrue();
        append(stdout, "3");
        assertThat(meter.endItem(System.nanoTime())).isEqualTo(new OutputRange(2, 3, 0, 0));
    }

    @Test
    void filesThatShrinkByThemselvesAreMeasuredNoMoreThanTheyGrow() throws IOException {
        append(stdout, "12345");
        assertThat(meter.endItem(System.nanoTime())).isEqualTo(new OutputRange(0, 5, 0, 0));
        Files.writeString(stdout, "1");
        assertThat(meter.endItem(System.nanoTime())).isNull();
    }
}
