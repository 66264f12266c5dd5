// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A flood waits for the one who cuts its file, but not for ever. */
@Timeout(180)
class StandardStreamsTest {
    private static final int CHUNK_BYTES = 1 << 20;

    @TempDir
    Path directory;

    private final AtomicBoolean written = new AtomicBoolean();
    private Path path = Path.of("");

    @BeforeEach
    void create() throws IOException {
        path = Files.createFile(directory.resolve("stdout.log"));
    }

    private void write(int mebibytes, boolean captured) {
        try (FileOutputStream file = new FileOutputStream(path.toFile(), true);
                StandardStreams.Noting stream = new StandardStreams.Noting(file.getFD(), written)) {
            stream.captured = captured ? path.toFile() : null;
            for (int i = 0; i < mebibytes; i++) {
                stream.write(new byte[CHUNK_BYTES]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFloodWaitsForWhoeverCutsItsFile() throws Exception {
        Thread flood = new Thread(() -> write(200, true));
        long longest = 0;
        flood.start();
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            while (flood.isAlive()) {
                long length = file.length();
                longest = Math.max(longest, length);
                if (length > StandardStreams.Noting.HOLD_BYTES) {
                    file.setLength(0);
                }
            }
        }
        assertThat(written).isTrue();
        // some more where the machine was too busy to cut for a quarter of a second
        assertThat(longest).isBetween(StandardStreams.Noting.HOLD_BYTES, 4 * StandardStreams.Noting.HOLD_BYTES);
    }

    @Test
    void whereNobodyCutsItGoesOnSlowly() {
        long begin = System.nanoTime();
        write(19, true);
        assertThat(System.nanoTime() - begin)
                .as("three waits of a quarter of a second")
                .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(700));
        assertThat(path).hasSize(19L << 20);
    }

    @Test
    void aFileOfTheUsersOwnIsNeverWaitedFor() {
        long fastest = Long.MAX_VALUE;
        int tries = 0;
        while (tries < 5 && fastest > TimeUnit.SECONDS.toNanos(10)) { // a busy disk may take longer now and then
            long begin = System.nanoTime();
            write(60, false);
            fastest = Math.min(fastest, System.nanoTime() - begin);
            tries++;
            assertThat(path).hasSize(tries * (60L << 20));
        }
        assertThat(fastest).as("44 waits would take eleven seconds").isLessThan(TimeUnit.SECONDS.toNanos(10));
    }
}
