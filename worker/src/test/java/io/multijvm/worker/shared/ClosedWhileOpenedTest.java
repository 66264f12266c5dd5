// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.SharedByteArray;
import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedLong;
import io.multijvm.wire.objects.BlockSaid;
import io.multijvm.wire.objects.CellPlace;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.Said;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process has said that it touches an object no more while a thread of its own was about to map it: what that thread maps
 * may be the next object's.
 */
class ClosedWhileOpenedTest {
    private static final long OBJECT = 7;
    private static final int BYTES = 100;

    @TempDir
    Path directory;

    private Path next;
    private final ByteBuffer cells = ByteBuffer.allocateDirect(128).order(ByteOrder.nativeOrder());

    @BeforeEach
    void theNextObjectsMemory() throws Exception {
        next = Files.write(directory.resolve("next"), new byte[BYTES + 4]);
    }

    /** Answers at once; the object is closed by another process behind the answer to one question. */
    private class Owner extends OwnerLine {
        final List<Said> said = new ArrayList<>();
        private final Class<? extends Said> last;

        Owner(Class<? extends Said> last) {
            super(1, "00");
            this.last = last;
        }

        <T> T object(ObjectKind kind, Class<T> face) {
            return face.cast(client(new SharedHandle("unix:/nowhere", 1, "00", OBJECT, kind.name()))
                    .face());
        }

        @Override
        public int client() {
            return 2;
        }

        @Override
        public void say(long object, long ticket, Said what) {
            said.add(what);
            answer(object, ticket, what);
            if (last.isInstance(what)) {
                heard(object, 0, new Heard.Closed("another closed it"));
            }
        }

        final Class<? extends Said> last() {
            return last;
        }

        final void answer(long object, long ticket, Said what) {
            if (what instanceof Said.Open) {
                heard(object, ticket, new Heard.Opened(new CellPlace(0, "played", 128, 0), 1));
            } else if (what instanceof BlockSaid.Where) {
                heard(object, ticket, new Heard.BlockAt(BYTES, next.toString(), 0));
            }
        }

        @Override
        protected ByteBuffer map(CellPlace place) {
            return cells;
        }

        @Override
        protected ValueCodec codec() {
            throw new AssertionError("nothing is encoded here");
        }
    }

    @Test
    void aCellIsNotTouchedByWhoHasLetItGoBeforeItWasMapped() {
        Owner owner = new Owner(Said.Open.class);
        SharedLong value = owner.object(ObjectKind.LONG, SharedLong.class);
        assertThatThrownBy(() -> value.set(-1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another closed it");
        assertThat(owner.said).hasOnlyElementsOfTypes(Said.Open.class, Said.LetGo.class);
        for (int at = 0; at < cells.capacity(); at++) {
            assertThat(cells.get(at)).isZero();
        }
    }

    @Test
    void aFileIsNotTouchedByWhoHasLetItGoBeforeItWasMapped() throws Exception {
        Owner owner = new Owner(BlockSaid.Where.class);
        SharedByteArray array = owner.object(ObjectKind.BYTE_ARRAY, SharedByteArray.class);
        assertThatThrownBy(() -> array.set(3, (byte) -1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another closed it");
        assertThat(owner.said).hasAtLeastOneElementOfType(Said.LetGo.class);
        assertThat(Files.readAllBytes(next)).containsOnly(0);
    }

    @Test
    void whoFindsNoFileAnyMoreHearsThatItWasClosed() throws Exception {
        Files.delete(next);
        SharedByteArray array = new Owner(BlockSaid.Where.class).object(ObjectKind.BYTE_ARRAY, SharedByteArray.class);
        assertThatThrownBy(() -> array.get(3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another closed it");
    }

    /** Its manager is closed, and its memory gone, and this process hears of that when it asks. */
    private final class Closing extends Owner {
        Closing(Class<? extends Said> last) {
            super(last);
        }

        @Override
        public void say(long object, long ticket, Said what) {
            boolean gone = said.stream().anyMatch(last()::isInstance);
            if (gone && what instanceof Said.Open) {
                heard(object, ticket, new Heard.Closed("the manager was closed"));
            } else {
                said.add(what);
                answer(object, ticket, what);
            }
        }

        @Override
        protected ByteBuffer map(CellPlace place) {
            if (last() == Said.Open.class) {
                throw new IllegalStateException("the memory of shared objects cannot be mapped: /proc/1/fd/60");
            }
            return super.map(place);
        }
    }

    @Test
    void whoFindsNoCellAnyMoreHearsWhyThoughItHadNotHeardYet() {
        SharedLong value = new Closing(Said.Open.class).object(ObjectKind.LONG, SharedLong.class);
        assertThatThrownBy(value::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the manager was closed");
    }

    @Test
    void whoFindsNoFileAnyMoreHearsWhyThoughItHadNotHeardYet() throws Exception {
        Files.delete(next);
        SharedByteArray array = new Closing(BlockSaid.Where.class).object(ObjectKind.BYTE_ARRAY, SharedByteArray.class);
        assertThatThrownBy(() -> array.get(3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the manager was closed");
    }

    @Test
    void whatIsNotClosedIsMappedAndTouched() throws Exception {
        Owner owner = new Owner(Said.Close.class);
        SharedByteArray array = owner.object(ObjectKind.BYTE_ARRAY, SharedByteArray.class);
        array.set(3, (byte) -1);
        assertThat(Files.readAllBytes(next)[3]).isEqualTo((byte) -1);
        assertThatThrownBy(() -> array.set(BYTES, (byte) -1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
