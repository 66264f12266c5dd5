// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.wire.mapped.RecorderReader.RingRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
