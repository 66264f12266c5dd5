// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.mapped.ElementType;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.QueueHeard;
import io.multijvm.wire.objects.QueueSaid;
import io.multijvm.worker.shared.ObjectClient;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files in which a queue's elements lie: which is used again, and when their room is free. */
class QueueFilesTest {
    private static final int NEEDED = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final ExecutorService support = Executors.newSingleThreadExecutor();
    private final List<Heard> told = new CopyOnWriteArrayList<>();
    private final List<LeftBy.Memory> memories = new ArrayList<>();
    private final Client client = client(2);
    private @Nullable OwnedObject queue;
    private FewFiles maker;
    private QueueFiles files;
    private CellStore cells;

    @BeforeEach
    void start() {
        cells = new CellStore(null);
        maker = new FewFiles(directory);
        files = new QueueFiles(maker);
    }

    @AfterEach
    void end() {
        support.shutdownNow();
        cells.close();
        maker.freeAll();
    }

    private ObjectClient added(
            ObjectKind kind,
            CellStore.Cell cell,
            BiFunction<Long, CellStore.Cell, OwnedObject> make,
            LeftBy.Memory how) {
        memories.add(how);
        queue = kind == ObjectKind.QUEUE ? make.apply(1L, cell) : queue;
        return NobodysLine.client(memories.size(), kind);
    }

    private Client client(int number) {
        return new Client(number, ProcessStamp.ofThisProcess(), "client " + number, new Client.Ear() {
            @Override
            public void tell(long object, long ticket, Heard heard) {
                told.add(heard);
            }

            @Override
            public void end(String why) {}
        });
    }

    private void queueGrows() {
        queueGrows(client);
    }

    private void queueGrows(Client who) {
        if (queue == null) {
            new QueueMaker(PlayedLoop.atOnce(), cells, maker, support, this::added).queue(0);
        }
        Objects.requireNonNull(queue).said(who, 1, new QueueSaid.Grow(NEEDED));
    }

    @Test
    void aSegmentThatWasNotPlacedIsTheNextThatIsAskedFor() throws Exception {
        QueueHeard.SegmentAt first = files.grow(NEEDED, 2);
        QueueHeard.SegmentAt second = files.grow(NEEDED, 3);
        files.placed(first.number());
        files.free(List.of(second.number()));
        assertThat(files.find(second.number())).isNull();

        QueueHeard.SegmentAt third = files.grow(NEEDED, 3);

        assertThat(third.address()).isEqualTo(second.address());
        assertThat(third.bytes()).isEqualTo(second.bytes());
        assertThat(third.number()).as("no number is used again").isGreaterThan(second.number());
        assertThat(maker.count()).isEqualTo(2);
        assertThat(files.grow(NEEDED, 3).address()).as("one has it").isNotEqualTo(third.address());
    }

    @Test
    void aSegmentThatWasNotPlacedAndIsTooShortIsKeptForOthersUntilTheQueueBecomesShorter() throws Exception {
        QueueHeard.SegmentAt placed = files.grow(NEEDED, 2);
        files.placed(placed.number());
        QueueHeard.SegmentAt unplaced = files.grow(NEEDED, 3);
        try (FileChannel look = maker.look(1)) {
            files.free(List.of(unplaced.number()));
            assertThat(look.size()).isEqualTo(unplaced.bytes());
            assertThat(files.grow(unplaced.bytes() + 1, 3).bytes()).isGreaterThan(unplaced.bytes());
            files.free(List.of(placed.number()));
            assertThat(look.size()).isZero();
        }
    }

    @Test
    void theFilesOfAClosedQueueAreCutAsSoonAsAllHaveLetGoAndNotWhereSomeUseThem() throws Exception {
        for (LeftBy how : List.of(LeftBy.ALL, LeftBy.SOME_USE_IT)) {
            queue = null;
            int file = maker.count();
            queueGrows();
            await().atMost(PATIENCE).until(() -> maker.count() > file && told.size() > file);
            try (FileChannel look = maker.look(file)) {
                long bytes = look.size();
                memories.get(memories.size() - 1).left(how);
                support.submit(() -> {}).get();
                assertThat(look.size()).isEqualTo(how == LeftBy.ALL ? 0 : bytes);
            }
        }
    }

    @Test
    void aQueueThatFindsNoRoomHasThatOfAnArrayAsSoonAsThatHasRested() throws Exception {
        BlockMaker blocks = new BlockMaker(cells, maker, support, this::added);
        blocks.array(ObjectKind.BYTE_ARRAY, ElementType.BYTE, 100_000);
        try (FileChannel array = maker.look(0)) {
            maker.noRoomBeside(array);
            queueGrows();
            await().atMost(PATIENCE).until(() -> !told.isEmpty());
            assertThat(told.remove(0)).as("nothing rests").isInstanceOf(Heard.Refused.class);

            memories.get(0).left(LeftBy.ALL);
            queueGrows();

            await().atMost(CellStore.REST.plus(PATIENCE)).until(() -> !told.isEmpty());
            assertThat(told).singleElement().isInstanceOf(QueueHeard.SegmentAt.class);
            assertThat(array.size()).isZero();
        }
    }

    @Test
    void aSegmentThatIsMadeAfterTheDeathOfWhoAskedForItIsTheNextThatIsAskedFor() throws Exception {
        BlockMaker blocks = new BlockMaker(cells, maker, support, this::added);
        blocks.array(ObjectKind.BYTE_ARRAY, ElementType.BYTE, 100_000);
        try (FileChannel array = maker.look(0)) {
            maker.noRoomBeside(array);
            memories.get(0).left(LeftBy.ALL);
            queueGrows();
            client.become(Client.State.LOST);
            client.become(Client.State.GONE); // while the array rests
            await().atMost(CellStore.REST.plus(PATIENCE)).until(() -> maker.count() == 2);
            support.submit(() -> {}).get(); // by then it was made, and what follows is to be done
            support.submit(() -> {}).get();

            queueGrows(client(3));

            await().atMost(PATIENCE).until(() -> !told.isEmpty());
            assertThat(told).singleElement().isInstanceOf(QueueHeard.SegmentAt.class);
            assertThat(maker.count()).isEqualTo(2);
        }
    }
}
