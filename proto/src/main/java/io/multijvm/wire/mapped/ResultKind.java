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
    /** An {@link io.multijvm.wire.arena.PlacedBytes} that names the encoded return value. */
    VALUE_PLACED(3),
    /** An {@link io.multijvm.wire.arena.PlacedBytes} that names a {@link io.multijvm.wire.v1.Failure}. */
    FAILURE_PLACED(4),
    /** Packed return values of consecutive items. */
    RUN(5),
    /** No result: an {@link OutputRange}, of the item whose result comes next. */
    OUTPUT(6);

    private static final ResultKind[] ALL = values();

    private final int code;

    ResultKind(int code) {
        this.code = code;
    }

    /** What crosses. */
    public int code() {
        return code;
    }

    /** Whether the bytes only say where the result lies. */
    public boolean isPlaced() {
        return this == VALUE_PLACED || this == FAILURE_PLACED;
    }

    /** This kind of result, when the ring holds only where it lies. */
    public ResultKind placed() {
        return switch (this) {
            case VALUE -> VALUE_PLACED;
            case FAILURE -> FAILURE_PLACED;
            default -> throw new IllegalStateException(this + " has no bytes to be placed");
        };
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
