// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

/** What somebody waits for at a queue in mapped memory. The names cross. */
public enum QueueWaits {
    /** Something can be taken, or nothing ever will. */
    FOR_ELEMENT(1) {
        @Override
        public long howMany(QueueState state, long capacity) {
            return state.isDrained() ? Long.MAX_VALUE : state.ready();
        }
    },
    /** Something can be put, or nothing ever will. */
    FOR_ROOM(2) {
        @Override
        public long howMany(QueueState state, long capacity) {
            return state.shut() || capacity == 0 ? Long.MAX_VALUE : capacity - state.ready() - state.writing();
        }
    },
    /** All that was put has been worked off. */
    FOR_REST(4) {
        @Override
        public long howMany(QueueState state, long capacity) {
            return state.unfinished() == 0 ? Long.MAX_VALUE : 0;
        }
    };

    private final long mark;

    QueueWaits(long mark) {
        this.mark = mark;
    }

    /** How many need not wait for it. */
    public abstract long howMany(QueueState state, long capacity);

    /** Whether somebody need not wait for it. */
    public boolean isTrue(QueueState state, long capacity) {
        return howMany(state, capacity) > 0;
    }

    /** In the cell: somebody waits for it. */
    public long mark() {
        return mark;
    }
}
