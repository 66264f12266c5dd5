// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedReference;
import io.multijvm.wire.mapped.Words;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ReferenceSaid;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A reference: its owner keeps the bytes, and says in the first word of the cell which version they are. A small value is
 * kept here as it came, and decoded anew for each reader.
 */
final class ReferenceClient extends ObjectClient implements SharedReference<@Nullable Object> {
    private static final long serialVersionUID = 1;
    private static final int MOST_KEPT_BYTES = 64 << 10;
    private static final long WHATEVER = 0;

    private transient volatile @Nullable Kept kept;

    /** Never changed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Kept(long version, byte[] bytes) {}

    ReferenceClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
    }

    @Override
    @SuppressWarnings("NullAway") // it does not see the @Nullable of the type argument
    public @Nullable Object get() {
        return decoded(newest());
    }

    @Override
    @SuppressWarnings("NullAway") // it does not see the @Nullable of the type argument
    public Versioned<@Nullable Object> getVersioned() {
        Kept newest = newest();
        return new Versioned<>(decoded(newest), newest.version());
    }

    private @Nullable Object decoded(Kept value) {
        return owner().codec().decode(value.bytes(), 0, value.bytes().length);
    }

    private Kept newest() {
        Opened it = opened();
        Kept known = kept;
        if (known != null && it.memory() != null && Words.get(it.memory(), it.offset()) == known.version()) {
            return known;
        }
        long ticket = ticket();
        Heard.Piece first =
                (Heard.Piece) await(ask(ticket, new ReferenceSaid.Get(known == null ? WHATEVER : known.version())));
        if (known != null && first.version() == known.version()) {
            return known;
        }
        Kept come = new Kept(first.version(), whole(ticket, first));
        if (come.bytes().length <= MOST_KEPT_BYTES) {
            kept = come;
        }
        return come;
    }

    private byte[] whole(long ticket, Heard.Piece first) {
        byte[] data = first.data();
        if (data.length == first.bytes()) {
            return data;
        }
        byte[] all = Arrays.copyOf(data, Math.toIntExact(first.bytes()));
        for (int at = data.length; at < all.length; at += data.length) {
            data = ((Heard.Piece) await(ask(new ReferenceSaid.Rest(ticket, at)))).data();
            System.arraycopy(data, 0, all, at, data.length);
        }
        return all;
    }

    @Override
    public void set(@Nullable Object value) {
        var unused = put(WHATEVER, value);
    }

    @Override
    public boolean compareAndSet(long version, @Nullable Object value) {
        if (version < 1) {
            throw new IllegalArgumentException("version " + version + " was never one; take that of getVersioned()");
        }
        return put(version, value);
    }

    private boolean put(long expected, @Nullable Object value) {
        opened();
        byte[] bytes = owner().codec().encode(value);
        long transfer = ticket();
        for (int at = 0; ; at += ReferenceSaid.MOST_BYTES) {
            boolean last = bytes.length - at <= ReferenceSaid.MOST_BYTES;
            byte[] piece = at == 0 && last
                    ? bytes
                    : Arrays.copyOfRange(bytes, at, last ? bytes.length : at + ReferenceSaid.MOST_BYTES);
            Heard answer = await(ask(new ReferenceSaid.Put(transfer, expected, piece, last)));
            if (last) {
                return answer instanceof Heard.Version;
            }
        }
    }

    @Override
    public void close() {
        closeForAll();
    }

    @Override
    public SharedLock getLock() {
        return itsLock();
    }

    @Override
    protected void heard(long ticket, Heard heard) {
        // all that is asked is waited for
    }

    @Override
    protected void ended(String why) {
        kept = null;
    }
}
