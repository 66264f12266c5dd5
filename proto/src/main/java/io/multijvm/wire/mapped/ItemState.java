// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

/**
 * What a worker does with the item at hand: IDLE - begin -&gt; DECODE -&gt; RUN -&gt; ENCODE - committed -&gt; IDLE. A worker that dies in
 * any state but IDLE died of, or at least during, that item.
 */
public enum ItemState {
    IDLE(0),
    DECODE(1),
    RUN(2),
    ENCODE(3);

    private static final ItemState[] BY_CODE = {IDLE, DECODE, RUN, ENCODE};

    private final int code;

    ItemState(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** The state that two bits of the recorder stand for. */
    static ItemState of(long bits) {
        return BY_CODE[(int) (bits & 3)];
    }
}
