// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/** How a call of a collection went. The codes cross. */
public enum CollectionAnswer {
    /** Done; the rest of the frame is the call's own. */
    DONE(0),
    /** Part: the failure. Nothing has changed. */
    FAILED(1),
    /** A list has no such place. Number: its size. */
    OUTSIDE(2);

    private final int code;

    CollectionAnswer(int code) {
        this.code = code;
    }

    /** Whether that is how the call went which this answers. */
    public boolean isOf(Frame answer) {
        return answer.kind() == code;
    }

    /** On the wire. */
    int code() {
        return code;
    }
}
