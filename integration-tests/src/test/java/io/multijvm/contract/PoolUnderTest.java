// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.Pool;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** What the parts of the contract need of the kind of pool that is tested. */
interface PoolUnderTest {

    /** A new pool, of two workers where there are workers. */
    Pool newPool();

    /** An empty directory of the running test. */
    Path directory();

    default String place() {
        return directory().toString();
    }

    static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    /** All integers from 0; counts what was read of it. */
    final class Endless implements Iterable<Integer> {
        final AtomicInteger read = new AtomicInteger();

        @Override
        public Iterator<Integer> iterator() {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return true;
                }

                @Override
                public Integer next() {
                    return read.getAndIncrement();
                }
            };
        }
    }

    /** So many integers from 0, then an exception. */
    static Iterable<Integer> breakingAfter(int good) {
        return () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next <= good;
            }

            @Override
            public Integer next() {
                if (next == good) {
                    next++;
                    throw new BrokenInput("the input broke after " + good);
                }
                if (next > good) {
                    throw new NoSuchElementException();
                }
                return next++;
            }
        };
    }

    /** What {@link #breakingAfter} throws. */
    final class BrokenInput extends RuntimeException {
        BrokenInput(String message) {
            super(message);
        }
    }
}
