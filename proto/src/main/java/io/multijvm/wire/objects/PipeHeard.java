// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

import io.multijvm.wire.pipe.PipePart;

/** What the owner of a pipe says to a client, of one of its ends. */
public sealed interface PipeHeard extends Heard {
    /** Of the right end; else of the left one. */
    boolean right();

    /**
     * The end is this process's, until it is asked to give it up.
     *
     * @param address of the file that messages pass through; empty where no memory is shared
     * @param ringBytes in each direction
     * @param kept so many parts have been kept of a message that had arrived where the end was before
     * @param ended why the other end is closed; empty if it is not
     */
    record Yours(boolean right, String address, int ringBytes, int kept, String ended) implements PipeHeard {}

    /** A part of a message. */
    record Part(boolean right, PipePart part) implements PipeHeard {}

    /** The other end is closed. */
    record Ended(boolean right, String why) implements PipeHeard {}

    /**
     * Another process wants the end.
     *
     * @param to who
     */
    record GiveUp(boolean right, String to) implements PipeHeard {}

    /** Somebody else's end has changed: look at this one. */
    record Ring(boolean right) implements PipeHeard {}

    /** This end is closed. */
    record Shut(boolean right, String why) implements PipeHeard {}
}
