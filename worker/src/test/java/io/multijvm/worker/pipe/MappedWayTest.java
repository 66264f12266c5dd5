// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.pipe.ArrivingMessage;
import io.multijvm.wire.pipe.PipeMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ends are this process's. */
class MappedWayTest {
    private static final int RING_BYTES = 1024;
    private static final int CLIENT = 2;

    @TempDir
    Path directory;

    private int rings;
    private boolean lacksMemory;
    private Bells bells;
    private MappedWay left;
    private MappedWay right;

    @BeforeEach
    void open() {
        PipeMemory memory = new PipeMemory(
                ByteBuffer.allocateDirect(PipeMemory.bytes(RING_BYTES, true) + 64)
                        .alignedSlice(64)
                        .order(ByteOrder.nativeOrder()),
                RING_BYTES);
        memory.setHolder(false, CLIENT);
        memory.setHolder(true, CLIENT);
        bells = new Bells("unix:" + directory.resolve("hub"), 7, ManagerKey.random(), CLIENT, new Target());
        left = new MappedWay(memory, bells, 1, false, true);
        right = new MappedWay(memory, bells, 1, true, true);
    }

    @AfterEach
    void close() {
        bells.close();
    }

    private final class Target implements BellTarget {
        @Override
        public void rung(long pipe, boolean isRight) {
            if (lacksMemory) {
                lacksMemory = false;
                throw new OutOfMemoryError("played");
            }
            rings++;
        }

        @Override
        public void notRung(long pipe, boolean isRight) {
            throw new AssertionError("its bell is our own");
        }
    }

    private int send(int bytes) {
        return left.offer(true, true, bytes, new byte[bytes], 0, bytes);
    }

    @Test
    void aReceiverThatCouldNotBeWokenForLackOfMemoryIsWokenByTheNextPart() {
        right.wantPart();
        lacksMemory = true;
        assertThatThrownBy(() -> send(8)).isInstanceOf(OutOfMemoryError.class);
        assertThat(rings).isZero();
        assertThat(send(8)).isEqualTo(8);
        assertThat(rings).isEqualTo(1);
    }

    @Test
    void aSenderThatCouldNotBeWokenForLackOfMemoryIsWokenByTheNextPartThatIsReceived() {
        int sent = 0;
        while (send(64) != Way.NO_ROOM) {
            sent++;
        }
        left.wantRoom(8);
        lacksMemory = true;
        ArrivingMessage into = new ArrivingMessage();
        assertThatThrownBy(() -> right.pull(into)).isInstanceOf(OutOfMemoryError.class);
        assertThat(into.isWhole()).as("the message is there all the same").isTrue();
        assertThat(rings).isZero();
        assertThat(right.pull(into)).isTrue();
        assertThat(rings).isEqualTo(1);
        assertThat(sent).isGreaterThan(2);
    }
}
