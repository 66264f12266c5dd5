// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static io.multijvm.wire.arena.WideFile.PART_BYTES;

import io.multijvm.internal.shared.CellStore.Cell;
import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.mapped.ElementType;
import io.multijvm.wire.mapped.Words;
import io.multijvm.wire.objects.BlockSaid;
import io.multijvm.wire.objects.ElementSaid;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.Said;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;

/**
 * An array, or raw memory. The first word of its cell is 1 while it is suspect, and only its owner writes that. Owned by the
 * event loop.
 */
final class BlockAtOwner implements OwnedObject {
    private final long id;
    private final Cell cell;
    private final ElementType type;
    private final Storage storage;
    private final Set<Client> writers = new HashSet<>();
    /** Empty if it is not suspect. */
    private String suspicion = "";

    BlockAtOwner(long id, Cell cell, ElementType type, Storage storage) {
        this.id = id;
        this.cell = cell;
        this.type = type;
        this.storage = storage;
    }

    @Override
    public void said(Client from, long ticket, Said said) {
        from.tell(id, ticket, answer(from, said));
    }

    private Heard answer(Client from, Said said) {
        if (said instanceof BlockSaid.Where where) {
            if (where.writing()) {
                writers.add(from);
            }
            return place();
        } else if (said instanceof BlockSaid.Suspicion) {
            return new Heard.Text(suspicion);
        } else if (said instanceof BlockSaid.ClearSuspicion) {
            suspect("");
            return new Heard.Done();
        } else if (said instanceof BlockSaid.Unlink) {
            WideFile file = storage.file();
            if (file != null) {
                file.unname();
            }
            return new Heard.Done();
        }
        ByteBuffer[] parts = storage.parts();
        if (parts != null && said instanceof ElementSaid element) {
            return holds(element.index(), 1)
                    ? ElementAtOwner.done(element, type, part(parts, element.index()), inPart(element.index()))
                    : outside(said);
        } else if (parts != null && said instanceof BlockSaid.Read read) {
            return read.count() <= BlockSaid.MOST_BYTES >> type.shift() && holds(read.index(), read.count())
                    ? read(parts, read)
                    : outside(said);
        } else if (parts != null && said instanceof BlockSaid.Write write) {
            return holds(write.index(), write.data().length >> type.shift()) ? write(parts, write) : outside(said);
        }
        return new Heard.Refused("an array or memory is not asked for " + said);
    }

    private Heard place() {
        WideFile file = storage.file();
        return file == null
                ? new Heard.BlockAt(storage.bytes(), "", CellStore.CELL_BYTES)
                : new Heard.BlockAt(storage.bytes(), file.address(), storage.base());
    }

    private boolean holds(long index, int count) {
        return index >= 0 && count >= 0 && index <= (storage.bytes() >>> type.shift()) - count;
    }

    private Heard outside(Said said) {
        return new Heard.Refused(said + " is outside of its " + storage.bytes() + " bytes");
    }

    private ByteBuffer part(ByteBuffer[] parts, long index) {
        return parts[(int) (at(index) / PART_BYTES)];
    }

    private int inPart(long index) {
        return (int) (at(index) % PART_BYTES);
    }

    private long at(long index) {
        return storage.base() + (index << type.shift());
    }

    private Heard read(ByteBuffer[] parts, BlockSaid.Read read) {
        ByteBuffer into = ByteBuffer.allocate(read.count() << type.shift()).order(ByteOrder.LITTLE_ENDIAN);
        move(parts, read.index(), into, false);
        return new Heard.Data(into.array());
    }

    private Heard write(ByteBuffer[] parts, BlockSaid.Write write) {
        move(parts, write.index(), ByteBuffer.wrap(write.data()).order(ByteOrder.LITTLE_ENDIAN), true);
        return new Heard.Done();
    }

    private void move(ByteBuffer[] parts, long index, ByteBuffer other, boolean in) {
        for (int done = 0; done < other.capacity(); ) {
            long element = index + (done >> type.shift());
            ByteBuffer part = part(parts, element);
            int n = Math.min(other.capacity() - done, part.capacity() - inPart(element));
            ByteBuffer here = part.slice(inPart(element), n).order(part.order());
            ByteBuffer there = other.slice(done, n).order(other.order());
            type.copy(in ? there : here, in ? here : there);
            done += n;
        }
    }

    @Override
    public String what() {
        return "array";
    }

    @Override
    public void gone(Client client) {
        if (writers.remove(client) && !client.leftInOrder()) {
            suspect(client + " died, and was seen to have ended at "
                    + Instant.now().truncatedTo(ChronoUnit.MILLIS)
                    + "; it had opened this for writing, and nobody knows whether it was through");
        }
    }

    private void suspect(String why) {
        suspicion = why;
        Words.set(cell.memory(), cell.offset(), why.isEmpty() ? 0 : 1);
    }

    @Override
    public void closed() {
        WideFile file = storage.file();
        if (file != null) {
            file.unname();
        }
    }
}
