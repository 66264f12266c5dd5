// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import org.jspecify.annotations.Nullable;

/**
 * What came of taking an element of a queue.
 *
 * @param number which one it is of all that were put
 * @param attempt from 1: how often it was taken with this time
 * @param place where it lies in mapped memory; 0 where none is shared
 * @param bytes its encoding; null while it is still there, or has been decoded
 * @param value null if it is not decoded yet
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Got(
        Kind kind,
        long number,
        int attempt,
        long place,
        byte @Nullable [] bytes,
        @Nullable Object value) {
    enum Kind {
        ELEMENT,
        /** None, as yet. */
        NOTHING,
        /** None, and there never will be. */
        ENDED
    }

    static final Got NOTHING = new Got(Kind.NOTHING, 0, 0, 0, null, null);
    static final Got ENDED = new Got(Kind.ENDED, 0, 0, 0, null, null);

    static Got element(long number, int attempt, long place, byte @Nullable [] bytes) {
        return new Got(Kind.ELEMENT, number, attempt, place, bytes, null);
    }

    Got decoded(Object itsValue) {
        return new Got(kind, number, attempt, place, null, itsValue);
    }

    boolean isElement() {
        return kind == Kind.ELEMENT;
    }
}
