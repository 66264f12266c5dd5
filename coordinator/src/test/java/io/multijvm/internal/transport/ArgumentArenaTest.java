// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.internal.arena.SegmentSize;
import io.multijvm.wire.arena.ArgumentRegion;
import io.multijvm.wire.arena.SharedSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loop and support thread are queues that each test runs by hand, so that it decides what happens before what. */
class ArgumentArenaTest {
    private static final int LARGE = 600_000;

    @TempDir
    Path directory;

    private final AtomicInteger open = new AtomicInteger();
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final Queue<Runnable> support = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final Map<Integer, SharedSegment> worker = new HashMap<>();
    private boolean full;
    private int moved;
    private final ArgumentArena arena = new ArgumentArena(this::make, support::add, loop::add, new Line());

    private SharedSegment make(int bytes) throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
        SharedSegment made = SharedSegment.create(directory.resolve("segment"), bytes, open::decrementAndGet);
        open.incrementAndGet();
        return made;
    }

    private final class Line implements ArgumentArena.Line {
        @Override
        public void segment(int id, String address, int bytes) {
            told.add("segment " + id);
            try {
                worker.put(id, SharedSegment.open(address, bytes, false));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void drop(int id) {
            told.add("drop " + id);
            Objects.requireNonNull(worker.remove(id)).release();
        }

        @Override
        public void moved() {
            moved++;
        }
    }

    @BeforeEach
    void needProc() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc");
    }

    @AfterEach
    void nothingStaysMapped() {
        arena.end();
        runAll();
        worker.values().forEach(SharedSegment::release);
        assertThat(open).as("segments that are still mapped").hasValue(0);
    }

    private void runAll() {
        while (!loop.isEmpty() || !support.isEmpty()) {
            (loop.isEmpty() ? support : loop).remove().run();
        }
    }

    private static void run(Queue<Runnable> actions) {
        actions.remove().run();
    }

    private Placement placed(long id, int length) {
        Placement payload = arena.place(id, Items.random(length), 0, length);
        runAll();
        assertThat(arena.mapped(worker.size(), true) || payload.state == Placement.State.PLACED)
                .isTrue();
        assertThat(payload.state).isEqualTo(Placement.State.PLACED);
        return payload;
    }

    private byte[] received(Placement payload) throws IOException {
        SharedSegment segment = Objects.requireNonNull(worker.get(payload.segmentId()));
        assertThat(ArgumentRegion.written(segment, payload.region)).isEqualTo(payload.length);
        byte[] bytes = new byte[payload.length];
        segment.read(payload.region + ArgumentRegion.HEADER, bytes, 0, bytes.length);
        return bytes;
    }

    @Test
    void theFirstPayloadIsToldOnlyWhenItsMemoryIsSureAndMapped() throws IOException {
        Placement payload = arena.place(1, Items.random(LARGE), 0, LARGE);
        assertThat(payload.state).isEqualTo(Placement.State.SEEKING);
        run(support);
        run(loop);
        assertThat(payload.state).isEqualTo(Placement.State.WRITING);
        assertThat(arena.mapped(1, true)).isTrue();
        assertThat(payload.state).as("not a byte of it was written").isEqualTo(Placement.State.WRITING);
        run(support);
        run(loop);

        assertThat(payload.state).isEqualTo(Placement.State.PLACED);
        assertThat(moved).isPositive();
        assertThat(received(payload)).isEqualTo(Items.random(LARGE));
    }

    @Test
    void intoMemoryThatWasUsedBeforeAPayloadIsToldWhileItIsWritten() throws IOException {
        placed(1, LARGE);
        assertThat(arena.read(1)).isTrue();

        Placement next = arena.place(2, Items.random(LARGE), 0, LARGE);

        assertThat(next.state).isEqualTo(Placement.State.PLACED);
        assertThat(ArgumentRegion.written(Objects.requireNonNull(worker.get(1)), next.region))
                .isZero();
        runAll();
        assertThat(received(next)).isEqualTo(Items.random(LARGE));
        assertThat(told).containsExactly("segment 1");
    }

    @Test
    void aRegionThatTheWorkerDoesNotWantIsNotUsedAgainWhileItIsStillWritten() {
        placed(1, LARGE);
        assertThat(arena.read(1)).isTrue();
        Placement slow = arena.place(2, Items.random(LARGE), 0, LARGE);
        assertThat(arena.read(2)).as("its item was given back").isTrue();

        Placement other = arena.place(3, Items.random(300_000), 0, 300_000);

        assertThat(other.region).isGreaterThanOrEqualTo(slow.region + LARGE);
        runAll();
        assertThat(arena.place(4, Items.random(LARGE), 0, LARGE).region).isEqualTo(slow.region);
    }

    @Test
    void withoutRoomAPayloadCrossesInFramesAndTheNextTriesAgain() {
        full = true;
        Placement first = arena.place(1, Items.random(LARGE), 0, LARGE);
        runAll();
        assertThat(first.state).isEqualTo(Placement.State.FRAMES);
        assertThat(moved).isPositive();

        full = false;
        placed(2, LARGE);
    }

    @Test
    void memoryThatRunsOutWhileItIsWrittenSendsThePayloadInFrames() {
        Placement payload = arena.place(1, new byte[LARGE], 0, LARGE + 1);
        run(support);
        run(loop);
        assertThat(arena.mapped(1, true)).isTrue();
        // as a full file system would, the write fails: there is one byte less than was announced
        runAll();

        assertThat(payload.state).isEqualTo(Placement.State.FRAMES);
        assertThat(told).as("nothing more is written there").containsExactly("segment 1", "drop 1");
    }

    @Test
    void aWorkerThatCannotMapGetsEverythingInFrames() {
        Placement first = arena.place(1, Items.random(LARGE), 0, LARGE);
        run(support);
        run(loop);
        Placement second = arena.place(2, Items.random(5_000_000), 0, 5_000_000);

        assertThat(arena.mapped(1, false)).isTrue();
        runAll();

        assertThat(first.state).isEqualTo(Placement.State.FRAMES);
        assertThat(second.state).isEqualTo(Placement.State.FRAMES);
        assertThat(arena.place(3, new byte[1], 0, 1).state).isEqualTo(Placement.State.FRAMES);
    }

    @Test
    void aWorkerIsNotBelievedThatReadWhatItWasNotToldOf() {
        assertThat(arena.read(1)).isFalse();
        assertThat(arena.mapped(1, true)).isFalse();
        arena.place(1, Items.random(LARGE), 0, LARGE);
        run(support);
        run(loop);
        assertThat(arena.read(1)).as("not placed yet").isFalse();
        assertThat(arena.mapped(1, true)).isTrue();
        assertThat(arena.mapped(1, true)).as("twice").isFalse();
        runAll();
        assertThat(arena.read(1)).isTrue();
        assertThat(arena.read(1)).as("twice").isFalse();
    }

    @Test
    void aThreadThatStillWritesWhenTheConnectionEndsKeepsItsMapping() {
        Placement payload = arena.place(1, Items.random(LARGE), 0, LARGE);
        run(support);
        run(loop);
        assertThat(payload.state).isEqualTo(Placement.State.WRITING);

        arena.end();

        assertThat(open).hasValue(1);
        run(support);
        run(loop);
        assertThat(open).hasValue(0);
    }

    @Test
    void aVeryLargePayloadsMemoryGoesWhenItWasRead() {
        int length = (int) SegmentSize.KEEP_BYTES + 1;
        placed(1, length);
        placed(2, LARGE);

        assertThat(arena.read(1)).isTrue();
        assertThat(told).containsExactly("segment 1", "segment 2", "drop 1");
    }
}
