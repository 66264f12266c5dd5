// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

/** What the bytes of an item's result are. Crosses as its code. */
public enum ResultKind {
    /** The encoded return value. */
    VALUE(0),
    /** A {@link io.multijvm.wire.v1.Failure}. */
    FAILURE(1),
    /** Nothing: the item was cancelled before it began. */
    CANCELLED(2),
    /** Packed return values of consecutive items. */
    RUN(3);

    private static final ResultKind[] BY_CODE = {VALUE, FAILURE, CANCELLED, RUN};

    private final int code;

    ResultKind(int code) {
        this.code = code;
    }

    /** What crosses. */
    public int code() {
        return code;
    }

    /**
     * The kind with this code.
     *
     * @throws CorruptRingException if there is none
     */
    public static ResultKind of(int code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new CorruptRingException("a result of unknown kind " + code);
        }
        return BY_CODE[code];
    }
}
