// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** A run's items until somebody says that it is enough. Iterated once, by one thread. */
final class StoppableInput implements Iterable<Object> {
    private final Iterable<Object> items;
    /** Guarded by this, as is the field below it. */
    private long given;

    private boolean stopped;

    StoppableInput(Iterable<Object> items) {
        this.items = items;
    }

    /** From now on the input is at its end, however much of it there is. */
    synchronized void stop() {
        stopped = true;
    }

    /** How many items were handed out; after {@link #stop} it grows no more. */
    synchronized long given() {
        return given;
    }

    private synchronized boolean give() {
        if (!stopped) {
            given++;
        }
        return !stopped;
    }

    @Override
    public Iterator<Object> iterator() {
        Iterator<Object> input = items.iterator();
        return new Iterator<>() {
            /** An item that was promised counts as given: whoever asks for it gets it. */
            private boolean promised;

            @Override
            public boolean hasNext() {
                // the input may wait for its next line for hours, so not under the lock
                promised = promised || (!isStopped() && input.hasNext() && give());
                return promised;
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                promised = false;
                return input.next();
            }
        };
    }

    private synchronized boolean isStopped() {
        return stopped;
    }
}
