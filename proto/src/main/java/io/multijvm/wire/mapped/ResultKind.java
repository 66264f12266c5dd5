// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

/** What the bytes of an item's result are. Crosses as its ordinal. */
public enum ResultKind {
    /** The encoded return value. */
    VALUE,
    /** A {@link io.multijvm.wire.v1.Failure}. */
    FAILURE,
    /** Nothing: the item was cancelled before it began. */
    CANCELLED;

    private static final ResultKind[] ALL = values();

    /**
     * The kind with this ordinal.
     *
     * @throws CorruptRingException if there is none
     */
    public static ResultKind of(int ordinal) {
        if (ordinal < 0 || ordinal >= ALL.length) {
            throw new CorruptRingException("a result of unknown kind " + ordinal);
        }
        return ALL[ordinal];
    }
}
