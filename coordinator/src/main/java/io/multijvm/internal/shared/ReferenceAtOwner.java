// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static io.multijvm.wire.objects.ReferenceSaid.MOST_BYTES;

import io.multijvm.internal.shared.CellStore.Cell;
import io.multijvm.wire.mapped.Words;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ReferenceSaid;
import io.multijvm.wire.objects.Said;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A reference: the bytes of its value, which this process never decodes for others, and their version, which also stands in
 * the first word of the cell. Owned by the event loop.
 */
final class ReferenceAtOwner implements OwnedObject {
    private final long id;
    private final Cell cell;
    /** Never changed; replaced. */
    private Pieces value;

    private long version = 1;
    /** Those that are in the middle of it. */
    private final Map<Transfer, Pieces> reading = new HashMap<>();

    private final Map<Transfer, List<byte[]>> setting = new HashMap<>();

    ReferenceAtOwner(long id, Cell cell, byte[] value) {
        this.id = id;
        this.cell = cell;
        this.value = Pieces.of(value);
        Words.set(cell.memory(), cell.offset(), version);
    }

    /**
     * A value as it crosses, so that the loop never copies a large one.
     *
     * @param all each of {@code MOST_BYTES}, but the last
     */
    private record Pieces(List<byte[]> all, long bytes) {
        static Pieces of(byte[] value) {
            List<byte[]> all = new ArrayList<>();
            for (int at = 0; at < value.length; at += MOST_BYTES) {
                all.add(Arrays.copyOfRange(value, at, Math.min(value.length, at + MOST_BYTES)));
            }
            return new Pieces(all, value.length);
        }

        static Pieces of(List<byte[]> all) {
            return new Pieces(all, (all.size() - 1L) * MOST_BYTES + all.get(all.size() - 1).length);
        }
    }

    private record Transfer(Client client, long number) {}

    @Override
    public void said(Client from, long ticket, Said said) {
        from.tell(id, ticket, answer(from, ticket, said));
    }

    private Heard answer(Client from, long ticket, Said said) {
        if (said instanceof ReferenceSaid.Get get) {
            return get.known() == version
                    ? new Heard.Piece(version, 0, new byte[0])
                    : piece(new Transfer(from, ticket), value, 0);
        } else if (said instanceof ReferenceSaid.Rest rest) {
            Transfer transfer = new Transfer(from, rest.get());
            Pieces whole = reading.get(transfer);
            return whole == null || rest.offset() < 0 || rest.offset() >= whole.bytes()
                    ? new Heard.Refused("nothing is left of what was read")
                    : piece(transfer, whole, (int) (rest.offset() / MOST_BYTES));
        } else if (said instanceof ReferenceSaid.Put put) {
            return put(new Transfer(from, put.transfer()), put);
        }
        return new Heard.Refused("a reference is not asked for " + said);
    }

    private Heard piece(Transfer transfer, Pieces whole, int number) {
        if (number + 1 < whole.all().size()) {
            reading.put(transfer, whole); // as it is now, whoever sets another meanwhile
        } else {
            reading.remove(transfer);
        }
        return new Heard.Piece(version, whole.bytes(), whole.all().get(number));
    }

    private Heard put(Transfer transfer, ReferenceSaid.Put put) {
        boolean fits = put.last() ? put.data().length <= MOST_BYTES : put.data().length == MOST_BYTES;
        List<byte[]> pieces = setting.computeIfAbsent(transfer, unknown -> new ArrayList<>());
        pieces.add(put.data());
        if (!put.last() && fits) {
            return new Heard.Done();
        }
        setting.remove(transfer);
        if (!fits) {
            return new Heard.Refused("a piece of " + put.data().length + " bytes");
        }
        if (put.expected() != 0 && put.expected() != version) {
            return new Heard.IsSo(false);
        }
        value = Pieces.of(pieces);
        version++;
        Words.set(cell.memory(), cell.offset(), version);
        return new Heard.Version(version);
    }

    @Override
    public String what() {
        return "reference";
    }

    @Override
    public void gone(Client client) {
        reading.keySet().removeIf(transfer -> transfer.client().equals(client));
        setting.keySet().removeIf(transfer -> transfer.client().equals(client));
    }
}
