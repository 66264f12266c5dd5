// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedQueue;
import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.mapped.LockCell;
import io.multijvm.wire.mapped.QueueCell;
import io.multijvm.wire.mapped.QueueWaits;
import io.multijvm.wire.objects.CellPlace;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.QueueHeard;
import io.multijvm.wire.objects.QueueSaid;
import io.multijvm.wire.objects.Said;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A queue in mapped memory where a process has no heap for what it is to tell the owner, and where the owner is gone. */
@Timeout(60)
class QueueInTroubleTest {
    private static final long QUEUE = 7;
    private static final long LOCK = 8;
    private static final int LOCK_AT = QueueCell.BYTES;
    private static final int CELLS_BYTES = QueueCell.BYTES + LockCell.BYTES;
    private static final int SEGMENT_BYTES = 256 << 10;

    @TempDir
    Path directory;

    private final ByteBuffer cells = ByteBuffer.allocateDirect(CELLS_BYTES + LockCell.BYTES)
            .alignedSlice(LockCell.BYTES)
            .order(ByteOrder.nativeOrder());
    private final QueueCell cell = new QueueCell(cells, 0);
    private final List<WideFile> files = new ArrayList<>();
    private final List<Said> said = new ArrayList<>();
    private final Owner owner = new Owner();
    /** There is no memory to say this once more. */
    private @Nullable Class<? extends Said> lacking;
    /** It fails for another reason, which nobody expects. */
    private boolean fails;

    private Runnable atGrow = () -> {};

    /** Answers at once. */
    private final class Owner extends OwnerLine {
        Owner() {
            super(1, "00");
        }

        @SuppressWarnings("unchecked")
        SharedQueue<Object> queue() {
            return (SharedQueue<Object>)
                    client(new SharedHandle("unix:/nowhere", 1, "00", QUEUE, ObjectKind.QUEUE.name()))
                            .face();
        }

        @Override
        public int client() {
            return 2;
        }

        @Override
        public void say(long object, long ticket, Said what) {
            if (lacking != null && lacking.isInstance(what)) {
                lacking = null;
                if (fails) {
                    throw new UnsupportedOperationException("played");
                }
                throw new OutOfMemoryError("played");
            }
            said.add(what);
            if (what instanceof Said.Open) {
                int at = object == QUEUE ? 0 : LOCK_AT;
                heard(object, ticket, new Heard.Opened(new CellPlace(0, "played", CELLS_BYTES, at), 0));
            } else if (what instanceof Said.ItsLock) {
                heard(object, ticket, new Heard.ItsLock(LOCK));
            } else if (what instanceof QueueSaid.Grow) {
                atGrow.run();
                heard(object, ticket, segment());
            }
        }

        private QueueHeard.SegmentAt segment() {
            try {
                WideFile made = WideFile.create(directory.resolve("segment" + files.size()), SEGMENT_BYTES, true);
                files.add(made);
                return new QueueHeard.SegmentAt(files.size(), made.address(), SEGMENT_BYTES);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        protected ByteBuffer map(CellPlace place) {
            return cells;
        }

        @Override
        protected ValueCodec codec() {
            return new ValueCodec(new ForyCodec(), QueueInTroubleTest.class.getClassLoader(), AllowList.of(Set.of()));
        }
    }

    @AfterEach
    void free() {
        files.forEach(file -> file.free(true));
    }

    private SharedQueue<Object> queue() {
        cell.begin(0);
        return owner.queue();
    }

    @Test
    void theNextOneTellsTheOwnerWhatSomebodyHadNoMemoryToTell() throws Exception {
        SharedQueue<Object> queue = queue();
        queue.put("a");
        cell.mark(QueueWaits.FOR_ELEMENT.mark());
        lacking = QueueSaid.Changed.class;
        queue.put("b");
        assertThat(lacking).isNull();
        assertThat(said).doesNotHaveAnyElementsOfTypes(QueueSaid.Changed.class);
        queue.put("c");
        assertThat(said).hasAtLeastOneElementOfType(QueueSaid.Changed.class);
        assertThat(cell.waitedFor()).isZero();
    }

    @Test
    void whatIsDoneIsDoneThoughThereIsNoMemoryToTellWhoWaits() throws Exception {
        SharedQueue<Object> queue = queue();
        queue.put("a");
        for (Object large : List.of("b", "x".repeat(100_000))) {
            hasNoMemoryToTellOfRoom();
            try (SharedQueue.Lease<Object> lease = queue.lease()) {
                assertThat(lease.attempt()).isEqualTo(1);
                assertThat(lease.acknowledge()).isTrue();
            }
            hasNoMemoryToTellOfRoom();
            queue.put(large);
        }
        hasNoMemoryToTellOfRoom();
        assertThat((String) queue.take()).hasSize(100_000);
        assertThat(cell.state().isEmpty()).isTrue();
    }

    private void hasNoMemoryToTellOfRoom() {
        cell.mark(QueueWaits.FOR_ROOM.mark());
        lacking = QueueSaid.Changed.class;
    }

    @Test
    void memoryThatIsInUseIsNotFreedWhateverFailsAfterThat() throws Exception {
        SharedQueue<Object> queue = queue();
        atGrow = this::hasNoMemoryToTellOfRoom;
        fails = true;
        assertThatThrownBy(() -> queue.put("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThat(lacking).isNull();
        queue.put("a");
        assertThat(queue.peek()).isEqualTo("a");
        assertThat(said).contains(new QueueSaid.Placed(1)).doesNotHaveAnyElementsOfTypes(QueueSaid.Free.class);
    }

    @Test
    void whoeverKeepsAQueueWhoseOwnerIsGoneKeepsNoMemory() throws Exception {
        SharedQueue<Object> queue = queue();
        queue.put("a");
        String address = files.get(0).address();
        assertThat(Files.readString(Path.of("/proc/self/maps"))).contains(address);

        owner.gone("its owner has died");

        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return !Files.readString(Path.of("/proc/self/maps")).contains(address);
        });
        assertThatThrownBy(queue::size)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("its owner has died");
        assertThat(said).doesNotHaveAnyElementsOfTypes(Said.LetGo.class);
    }

    @Test
    void whoeverClosesAQueueLetsItGoOnce() throws Exception {
        SharedQueue<Object> queue = queue();
        queue.put("a");
        queue.close();
        owner.heard(QUEUE, 0, new Heard.Closed("it was closed"));
        assertThat(said.stream().filter(Said.LetGo.class::isInstance)).hasSize(1);
        assertThatThrownBy(queue::size).isInstanceOf(IllegalStateException.class);
        assertThat(said.stream().filter(Said.LetGo.class::isInstance)).hasSize(1);
    }
}
