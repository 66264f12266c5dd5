// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.worker.shared.KeyedClient.Batch;
import io.multijvm.worker.shared.KeyedClient.Row;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An iteration, batch by batch: it gives what is there all the time, each once, and may or may not give what others put or
 * remove meanwhile. For one thread.
 */
final class KeyedCursor<T> implements Iterator<T> {
    private final KeyedClient client;
    private final boolean values;
    private final Function<Row, T> read;
    private List<Row> rows = List.of();
    private int at;
    private boolean more = true;
    private long place;
    private @Nullable Row last;

    /** @param values whether they are wanted, and not keys alone */
    KeyedCursor(KeyedClient client, boolean values, Function<Row, T> read) {
        this.client = client;
        this.values = values;
        this.read = read;
    }

    @Override
    public boolean hasNext() {
        while (at == rows.size() && more) {
            Batch batch = client.batchAfter(place, values);
            rows = batch.rows();
            more = batch.more();
            at = 0;
            place = rows.isEmpty() ? place : rows.get(rows.size() - 1).place();
        }
        return at < rows.size();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Row row = rows.get(at);
        T value = read.apply(row);
        at++;
        last = row;
        return value;
    }

    /** Whatever its value is by now, as those of {@code ConcurrentHashMap} do. */
    @Override
    public void remove() {
        Row row = last;
        if (row == null) {
            throw new IllegalStateException("next() was not called, or its element was removed already");
        }
        last = null;
        client.removeKey(row.key());
    }
}
