// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.shared.SharedByteArray;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedPipe;
import io.multijvm.shared.SharedQueue;
import io.multijvm.wire.objects.BlockSaid;
import io.multijvm.wire.objects.CellPlace;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.PipeHeard;
import io.multijvm.wire.objects.PipeSaid;
import io.multijvm.wire.objects.QueueHeard;
import io.multijvm.wire.objects.QueueSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.pipe.PipeMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An owner elsewhere that would have this process write into a file of its choice: a manager that is served never does. */
@Timeout(60)
class ServedOwnerTest {
    private static final int BYTES = 4 << 20;

    @TempDir
    Path directory;

    private Path chosen;

    @BeforeEach
    void aFileThatCouldBeMapped() throws Exception {
        chosen = Files.write(directory.resolve("chosen"), new byte[BYTES]);
    }

    /** What a user does with the object. */
    private interface Use<T> {
        void of(T object) throws Exception;
    }

    private <T> void isRefused(ObjectKind kind, Class<T> face, Function<Said, Heard> answers, Use<T> use)
            throws Exception {
        try (PlayedOwner owner = new PlayedOwner(answers)) {
            ObjectLink link = new ObjectLink(owner.handle(kind));
            T object = face.cast(link.client(owner.handle(kind)).face());
            assertThatThrownBy(() -> use.of(object))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("names memory to be mapped");
            assertThat(link.goneBecause()).contains("names memory to be mapped");
            assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain(chosen.toString());
        }
    }

    private Heard opened(Said said, Heard otherwise) {
        return said instanceof Said.Open ? new Heard.Opened(null, 1) : otherwise;
    }

    @Test
    void noCellIsMapped() throws Exception {
        Heard opened = new Heard.Opened(new CellPlace(0, chosen.toString(), BYTES, 64), 1);
        isRefused(ObjectKind.EVENT, SharedEvent.class, said -> opened, SharedEvent::isSet);
    }

    @Test
    void noFileOfAnArrayIsMapped() throws Exception {
        isRefused(
                ObjectKind.BYTE_ARRAY,
                SharedByteArray.class,
                said -> said instanceof BlockSaid.Where
                        ? new Heard.BlockAt(100, chosen.toString(), 0)
                        : opened(said, new Heard.Bits(0)),
                array -> array.get(3));
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void noMemoryOfAPipeIsMapped() throws Exception {
        isRefused(
                ObjectKind.PIPE,
                SharedPipe.class,
                said -> said instanceof PipeSaid.Claim claim
                        ? new PipeHeard.Yours(claim.right(), chosen.toString(), PipeMemory.RING_BYTES, 0, "")
                        : opened(said, new Heard.Done()),
                pipe -> pipe.left().poll());
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void noSegmentOfAQueueIsHeededThoughItsElementsComeByMessages() throws Exception {
        isRefused(
                ObjectKind.QUEUE,
                SharedQueue.class,
                said -> said instanceof QueueSaid.Take
                        ? new QueueHeard.SegmentAt(1, chosen.toString(), BYTES)
                        : opened(said, new Heard.Done()),
                queue -> queue.poll());
    }
}
