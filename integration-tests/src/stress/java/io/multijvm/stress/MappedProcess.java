// SPDX-License-Identifier: Apache-2.0
package io.multijvm.stress;

import io.multijvm.codec.ValueCodec;
import io.multijvm.wire.objects.BlockSaid;
import io.multijvm.wire.objects.CellPlace;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.Said;
import io.multijvm.worker.shared.OwnerLine;
import java.nio.ByteBuffer;

/**
 * One of several processes that have mapped the same file, each for itself: the way in which it comes to its objects. The
 * owner is played, and at hand: it knows that the object of each number lies in the cell of that number, and nothing else.
 * So whatever two of these do to an object meets in the mapped memory, and nowhere on the heap.
 */
final class MappedProcess extends OwnerLine {
    /** A line of its own for each object, and one more for its elements if it is an array. */
    static final int CELL_BYTES = 128;

    /** Where an array's elements begin in its cell, and how much room they have. */
    static final int ELEMENTS_AT = 64;

    private final int number;
    private final String address;
    private final long bytes;

    /**
     * @param number of the process, from 1
     * @param address where the file can be opened
     * @param bytes its length
     */
    MappedProcess(int number, String address, long bytes) {
        super(number, "");
        this.number = number;
        this.address = address;
        this.bytes = bytes;
    }

    @Override
    public int client() {
        return number;
    }

    @Override
    public void say(long object, long ticket, Said said) {
        if (said instanceof Said.Open) {
            heard(object, ticket, new Heard.Opened(new CellPlace(0, address, bytes, object * CELL_BYTES), 0));
        } else if (said instanceof BlockSaid.Where) {
            heard(object, ticket, new Heard.BlockAt(CELL_BYTES - ELEMENTS_AT, "", ELEMENTS_AT));
        } else {
            throw new IllegalStateException("nobody is here to be told " + said);
        }
    }

    /** The memory of a cell, as this process has mapped it. */
    ByteBuffer plain(int object) {
        ByteBuffer all = map(new CellPlace(0, address, bytes, 0));
        return all.slice(object * CELL_BYTES + ELEMENTS_AT, CELL_BYTES - ELEMENTS_AT)
                .order(all.order());
    }

    @Override
    protected ValueCodec codec() {
        throw new IllegalStateException("no references here");
    }
}
