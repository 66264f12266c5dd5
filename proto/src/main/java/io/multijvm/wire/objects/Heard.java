// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

import org.jspecify.annotations.Nullable;

/** What the owner of one object says to a client. */
public sealed interface Heard
        permits Heard.Opened,
                Heard.Refused,
                Heard.Closed,
                Heard.Done,
                Heard.IsSo,
                Heard.Count,
                Heard.Broken,
                Heard.Bits,
                Heard.BlockAt,
                Heard.Data,
                Heard.Text,
                Heard.Piece,
                Heard.Version,
                Heard.ItsLock,
                Heard.Left,
                Heard.Named,
                LockHeard,
                QueueHeard,
                CollectionHeard,
                PipeHeard {
    /**
     * The object is there.
     *
     * @param place null where no memory is shared: then everything goes through the owner
     * @param generation of this use of the cell
     */
    record Opened(@Nullable CellPlace place, long generation) implements Heard {}

    /** A call came to nothing. */
    record Refused(String why) implements Heard {}

    /** The object is no more; the last word about it. */
    record Closed(String why) implements Heard {}

    /** What was asked for is done. */
    record Done() implements Heard {}

    /** How it is. */
    record IsSo(boolean so) implements Heard {}

    /** How many. */
    record Count(long number) implements Heard {}

    /** A barrier is broken. */
    record Broken(String why) implements Heard {}
    /** A value or an element, as it is in memory. */
    record Bits(long bits) implements Heard {}

    /**
     * Where an array or memory is.
     *
     * @param bytes its length
     * @param address of a file of its own; empty if it lies in its cell, or no memory is shared
     * @param offset in that file, or in the cell
     */
    record BlockAt(long bytes, String address, long offset) implements Heard {}

    /** What was read. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Data(byte[] bytes) implements Heard {}

    /** Empty for none. */
    record Text(String text) implements Heard {}

    /**
     * A part of a reference's value.
     *
     * @param bytes of the whole; 0 if the version is the one that was known
     * @param data as much as fits into one message
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Piece(long version, long bytes, byte[] data) implements Heard {}

    /** The version that was set. */
    record Version(long version) implements Heard {}

    /** The lock that belongs to the object. */
    record ItsLock(long object) implements Heard {}

    /** A wait is over without what it waited for, as its client asked. If there was another answer before, that counts. */
    record Left() implements Heard {}

    /**
     * The object that was made, or found by its name.
     *
     * @param object 0 if none has that name
     * @param kind as its handle says it
     * @param face name of the interface of an object of a user's class; else empty
     */
    record Named(long object, String kind, String face) implements Heard {}
}
