// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.wire.arena.PlacedBytes;
import io.multijvm.wire.arena.SharedSegment;
import io.multijvm.wire.mapped.CorruptRingException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultArenaTest {
    private static final int WANTED = 100_000;

    @TempDir
    Path directory;

    private final ValueCodec codec =
            new ValueCodec(new ForyCodec(), getClass().getClassLoader(), AllowList.everything());
    private final AtomicInteger open = new AtomicInteger();
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private boolean full;
    private @Nullable SharedSegment worker;

    private final ResultArena arena = new ResultArena(
            bytes -> {
                if (full) {
                    throw new IOException("No space left on device");
                }
                SharedSegment made = SharedSegment.create(directory.resolve("segment"), bytes, open::decrementAndGet);
                open.incrementAndGet();
                return made;
            },
            Runnable::run,
            loop::add);

    @BeforeEach
    void connect() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc");
        arena.connect(new ResultArena.Line() {
            @Override
            public void segment(int id, String address, int bytes) {
                told.add("segment " + id);
                try {
                    worker = SharedSegment.open(address, bytes, true);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public void noRoom() {
                told.add("no room");
            }

            @Override
            public void read(List<ResultArena.Region> regions) {
                told.add("read " + regions);
            }
        });
    }

    @AfterEach
    void nothingStaysMapped() {
        if (worker != null) {
            worker.release();
        }
        arena.close();
        runLoop();
        assertThat(open).as("segments that are still mapped").hasValue(0);
    }

    private void runLoop() {
        for (Runnable action = loop.poll(); action != null; action = loop.poll()) {
            action.run();
        }
    }

    private SharedSegment room() {
        assertThat(arena.needRoom(WANTED)).isTrue();
        runLoop();
        return Objects.requireNonNull(worker);
    }

    private static PlacedBytes write(SharedSegment segment, int at, byte[] encoded) throws IOException {
        segment.write(at, encoded, 0, encoded.length);
        CRC32C crc = new CRC32C();
        crc.update(encoded);
        return new PlacedBytes(1, at, encoded.length, (int) crc.getValue());
    }

    @Test
    void aResultIsReadOnceAndItsRegionIsTheWorkersAgain() throws IOException {
        PlacedBytes place = write(room(), 4096, codec.encode(List.of("a", "b"), "result"));

        PlacedResult result = arena.resolve(place.encoded());

        assertThat(result.length()).isEqualTo(place.length());
        assertThat(result.open(codec, "item 0")).isEqualTo(List.of("a", "b"));
        result.release();
        runLoop();
        assertThat(told).containsExactly("segment 1", "read [Region[segment=1, offset=4096]]");
    }

    @Test
    void whatWasFinishedIsReadAfterTheWorkersDeath() throws IOException {
        PlacedBytes place = write(room(), 0, codec.encode(new byte[] {1, 2, 3}, "result"));
        PlacedResult result = arena.resolve(place.encoded());
        arena.disconnect();
        arena.close();

        assertThat(open).as("mapped for its reader").hasValue(1);
        assertThat(result.open(codec, "item 0")).isEqualTo(new byte[] {1, 2, 3});
        assertThat(open).hasValue(0);
    }

    @Test
    void aForgottenResultIsReleasedByTheCollector() throws IOException {
        PlacedBytes place = write(room(), 0, codec.encode("x", "result"));
        arena.resolve(place.encoded());
        arena.close();

        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return open.get() == 0;
        });
    }

    @ParameterizedTest
    @CsvSource({"2, 0, 10", "0, 0, 10", "1, 1048570, 10", "1, 2147483000, 600", "1, 0, 2147483647"})
    void aPlaceThatIsNotThereIsALie(int segment, int offset, int length) {
        room();
        byte[] lie = new PlacedBytes(segment, offset, length, 0).encoded();

        assertThatThrownBy(() -> arena.resolve(lie))
                .isInstanceOf(CorruptRingException.class)
                .hasMessageContaining("cannot be trusted");
    }

    @Test
    void bytesThatChangedSinceTheyWereCommittedAreNotBelieved() throws IOException {
        SharedSegment segment = room();
        PlacedBytes place = write(segment, 0, codec.encode(new byte[300_000], "result"));
        PlacedResult result = arena.resolve(place.encoded());
        segment.write(200_000, new byte[] {1}, 0, 1);

        assertThatThrownBy(() -> result.open(codec, "item 7 in worker 0"))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("item 7 in worker 0")
                .hasMessageContaining("checksum");
    }

    @Test
    void aFileThatAWorkerCutsShortCostsTheResultAndNotThisJvm() throws IOException {
        SharedSegment segment = room();
        PlacedResult result = arena.resolve(
                write(segment, 0, codec.encode(new byte[300_000], "result")).encoded());
        try (RandomAccessFile file = new RandomAccessFile(segment.address(), "rw")) {
            file.setLength(0);
        }

        assertThatThrownBy(() -> result.open(codec, "item 7"))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("item 7")
                .hasMessageContaining("lost");
    }

    @Test
    void withoutRoomTheWorkerHearsThatAndMayAskAgain() {
        full = true;
        assertThat(arena.needRoom(WANTED)).isTrue();
        assertThat(arena.needRoom(WANTED)).as("asked twice at once").isFalse();
        runLoop();
        assertThat(told).containsExactly("no room");

        full = false;
        room();
        assertThat(told).containsExactly("no room", "segment 1");
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "1073741825", "9223372036854775807"})
    void aResultOfASenselessSizeGetsNoRoom(long bytes) {
        assertThat(arena.needRoom(bytes)).isTrue();

        assertThat(told).containsExactly("no room");
    }

    @Test
    void aWorkerThatDiedWhileItsRoomWasMadeLeavesNothing() {
        assertThat(arena.needRoom(WANTED)).isTrue();
        arena.disconnect();
        arena.close();
        runLoop();

        assertThat(told).isEmpty();
        assertThat(open).hasValue(0);
    }

    @Test
    void onlyASegmentThatThereIsCanBeGivenUp() {
        room();

        assertThat(arena.givenUp(2)).isFalse();
        assertThat(arena.givenUp(1)).isTrue();
        assertThat(arena.givenUp(1)).isFalse();
        assertThat(open).hasValue(0);
    }
}
