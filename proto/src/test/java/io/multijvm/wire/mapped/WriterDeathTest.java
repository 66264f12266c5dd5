// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.wire.mapped.RecorderReader.RingRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WriterDeathTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 1000, 4000})
    void aWriterThatIsHaltedLeavesEveryCommittedResultAndTheItemThatItRan(int commits) throws Exception {
        Path file = directory.resolve("recorder");
        RecorderFile.create(file, RecorderFile.DEFAULT_RING_BYTES);
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HaltedWriter.class.getName(),
                        file.toString(),
                        Integer.toString(commits))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            writer.destroyForcibly();
        }
        assertThat(writer.exitValue()).isEqualTo(HaltedWriter.CODE);

        int found = 0;
        try (RecorderReader reader = RecorderReader.open(file)) {
            for (RingRecord next = reader.poll(); next != null; next = reader.poll()) {
                assertThat(next.position()).isEqualTo(found);
                assertThat(new String(next.data(), StandardCharsets.UTF_8)).isEqualTo("result " + found);
                found++;
            }
            assertThat(reader.running()).isEqualTo(new RecorderReader.Running(9, commits, ItemState.RUN, 3));
        }
        System.out.println("halted after " + commits + " commits: " + found + " read");
        assertThat(found).isEqualTo(commits);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aWriterThatIsKilledWhileItWritesRunsLeavesEveryResultBeforeTheItemAtHand(long seed) throws Exception {
        Path file = directory.resolve("recorder");
        RecorderFile.create(file, 64 << 20);
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunWriter.class.getName(),
                        file.toString(),
                        Long.toString(seed))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        RecorderReader.Running at;
        int closed = 0;
        int open = 0;
        try (RecorderReader reader = RecorderReader.open(file)) {
            // so far and no further: where in its stores the kill finds it is left to chance
            long few = 1000L + new Random(seed).nextInt(20_000);
            await(() -> reader.running().position() >= few);
            writer.destroyForcibly();
            assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
            for (RingRecord next = reader.poll(); next != null; next = reader.poll()) {
                RecorderReader.Run run = next.run();
                int results = RunTest.check(next, closed + open);
                closed += run == null || run.wholeCount() > 0 ? results : 0;
                open += run == null || run.wholeCount() > 0 ? 0 : results;
            }
            at = reader.running();
        } finally {
            writer.destroyForcibly();
        }
        System.out.println("killed at item " + at.position() + ", " + at.state() + ": " + closed
                + " results read in closed records and " + open + " of an open run");
        // an item is finished by one store, between those that say that it is at hand and that it is not any more
        assertThat(closed + open).isBetween(at.position(), at.position() + 1);
        if (at.state() == ItemState.IDLE) {
            assertThat(closed + open).isEqualTo(at.position() + 1);
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("the writer did not come so far within 30 s");
            }
            Thread.onSpinWait();
        }
    }

    /** Writes runs of random lengths, with single results in between, until it is killed or the ring is full. */
    static final class RunWriter {
        private RunWriter() {}

        public static void main(String[] args) throws Exception {
            RecorderWriter writer = RecorderWriter.open(Path.of(args[0]));
            Random random = new Random(Long.parseLong(args[1]));
            byte[] scratch = new byte[64];
            boolean room = true;
            for (int i = 0; room; i++) {
                writer.begin(9, i, 2);
                writer.state(ItemState.RUN);
                int length = RunTest.value(i, scratch);
                if (random.nextInt(300) == 0) {
                    writer.closeRun(1);
                    room = writer.tryCommit(9, i, ResultKind.VALUE, 1, new byte[] {(byte) i}, 0, 1);
                } else if (!writer.tryExtendRun(scratch, length)) {
                    writer.closeRun(1);
                    room = writer.tryBeginRun(9, i, 7, scratch, length);
                }
                if (room) {
                    writer.state(ItemState.IDLE);
                }
                if (random.nextInt(100) == 0) {
                    writer.closeRun(1);
                }
            }
            new CountDownLatch(1).await();
        }
    }

    /** Commits as many results as it is told, begins one more item, and is gone. */
    static final class HaltedWriter {
        static final int CODE = 77;

        private HaltedWriter() {}

        public static void main(String[] args) throws IOException {
            RecorderWriter writer = RecorderWriter.open(Path.of(args[0]));
            int commits = Integer.parseInt(args[1]);
            for (int i = 0; i < commits; i++) {
                writer.begin(9, i, 2);
                byte[] bytes = ("result " + i).getBytes(StandardCharsets.UTF_8);
                if (!writer.tryCommit(9, i, ResultKind.VALUE, 1, bytes, 0, bytes.length)) {
                    throw new IllegalStateException("the ring is full after " + i);
                }
                writer.state(ItemState.IDLE);
            }
            writer.begin(9, commits, 3);
            writer.state(ItemState.RUN);
            Runtime.getRuntime().halt(CODE);
        }
    }
}
