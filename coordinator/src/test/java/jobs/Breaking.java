// SPDX-License-Identifier: Apache-2.0
package jobs;

import io.multijvm.task.Job;
import java.util.Iterator;

/** A job whose items break off after the first. */
public final class Breaking implements Job<Integer, Integer> {
    @Override
    public Integer run(Integer item) {
        return item;
    }

    @Override
    public Iterable<Integer> items() {
        return () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Integer next() {
                if (next == 1) {
                    throw new IllegalStateException("the table is locked");
                }
                return next++;
            }
        };
    }
}
