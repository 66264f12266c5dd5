// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static java.util.Objects.requireNonNull;

import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.Frame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What a map and a set, which is a map's keys, have in common. */
abstract class KeyedClient extends CollectionClient {
    private static final long serialVersionUID = 1;

    /** Of one batch of an iteration. */
    private static final long BATCH_BYTES = 64 << 10;

    private static final long ALL = 0;

    /** Stands for whatever version an entry has by then. */
    private static final long ANY = 0;

    KeyedClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
    }

    /**
     * An entry as it was when it was read.
     *
     * @param place of all that were ever put the how manieth; the order of iterations
     * @param value null if it was not asked for
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(long place, long version, byte[] key, byte @Nullable [] value) {}

    /** Some entries, and whether there are more. */
    record Batch(List<Row> rows, boolean more) {}

    final Batch batchAfter(long place, boolean values) {
        return scan(place, values, BATCH_BYTES);
    }

    /** As they are in one moment. */
    final List<Row> all(boolean values) {
        return scan(0, values, ALL).rows();
    }

    private Batch scan(long place, boolean values, long bytes) {
        Frame answer = call(values ? CollectionCall.SCAN : CollectionCall.SCAN_KEYS, place, Frame.part(bytes));
        byte[][] parts = answer.parts();
        long[] numbers = Frame.numbers(parts[0]);
        List<Row> rows = new ArrayList<>(numbers.length / 2);
        int at = 1;
        for (int i = 0; i < numbers.length; i += 2) {
            byte[] key = parts[at++];
            rows.add(new Row(numbers[i], numbers[i + 1], key, values ? parts[at++] : null));
        }
        return new Batch(rows, answer.number() != 0);
    }

    /**
     * Removes those that the test says; with their values, unless another has changed those meanwhile.
     *
     * @return whether it removed any
     */
    final boolean removeRowsIf(boolean values, Predicate<Row> test) {
        boolean removed = false;
        Batch batch;
        long place = 0;
        do {
            batch = batchAfter(place, values);
            long[] found = batch.rows().stream()
                    .filter(test)
                    .flatMapToLong(row -> LongStream.of(row.place(), values ? row.version() : ANY))
                    .toArray();
            if (found.length > 0) {
                removed |= call(CollectionCall.REMOVE_VERSIONS, 0, Frame.part(found))
                                .number()
                        > 0;
            }
            place = batch.rows().isEmpty()
                    ? place
                    : batch.rows().get(batch.rows().size() - 1).place();
        } while (batch.more());
        return removed;
    }

    /** Never null: keys are none. */
    final Object decodedKey(Row row) {
        return requireNonNull(decode(row.key()), "a key is never null");
    }

    /** Of a row whose value was asked for. */
    final Object decodedValue(Row row) {
        return requireNonNull(decode(requireNonNull(row.value(), "it was asked for")), "a value is never null");
    }

    final boolean hasKey(@Nullable Object key) {
        return call(CollectionCall.CONTAINS_KEYS, 0, encodeKey(key)).number() != 0;
    }

    final boolean hasKeys(Collection<?> keys) {
        return keys.isEmpty()
                || call(CollectionCall.CONTAINS_KEYS, 0, encodeKeys(keys)).number() != 0;
    }

    final boolean removeKey(byte[] key) {
        return call(CollectionCall.REMOVE_KEYS, 0, key).number() != 0;
    }

    final boolean removeKeys(Collection<?> keys) {
        return !keys.isEmpty()
                && call(CollectionCall.REMOVE_KEYS, 0, encodeKeys(keys)).number() != 0;
    }

    public final int size() {
        return (int) Math.min(Integer.MAX_VALUE, call(CollectionCall.SIZE).number());
    }

    public final boolean isEmpty() {
        return size() == 0;
    }

    public final void clear() {
        call(CollectionCall.CLEAR);
    }
}
