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
    RUN(5);

    private static final ResultKind[] ALL = values();

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
        for (ResultKind kind : ALL) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new CorruptRingException("a result of unknown kind " + code);
    }
}
