// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/** What a client that shares no memory says to the owner of a value, or of an element of an array. */
public sealed interface ElementSaid extends Said {
    /** 0 of a value. */
    long index();

    /** Answered by {@link Heard.Bits}. */
    record Get(long index) implements ElementSaid {}

    /** Answered by {@link Heard.Done}. */
    record Set(long index, long bits) implements ElementSaid {}

    /** Answered by {@link Heard.Bits}, as it was before. */
    record GetAndSet(long index, long bits) implements ElementSaid {}

    /** Answered by {@link Heard.IsSo}. */
    record CompareAndSet(long index, long expected, long bits) implements ElementSaid {}

    /** Answered by {@link Heard.Bits}, as it was before. */
    record GetAndAdd(long index, long bits) implements ElementSaid {}
}
