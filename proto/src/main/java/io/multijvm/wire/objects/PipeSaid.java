// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

import io.multijvm.wire.pipe.PipePart;

/** What a client says to the owner of a pipe, of one of its ends. */
public sealed interface PipeSaid extends Said {
    /** Of the right end; else of the left one. */
    boolean right();

    /** It wants to use the end. Answered by {@link PipeHeard.Yours} when it may, or by {@link PipeHeard.Shut}. */
    record Claim(boolean right) implements PipeSaid {}

    /** After {@link PipeHeard.GiveUp}: the next part of a message that had arrived there and was not received. */
    record Keep(boolean right, PipePart part) implements PipeSaid {}

    /** After {@link PipeHeard.GiveUp}, or if the end cannot be used there: nothing there uses it any more. */
    record GiveUp(boolean right) implements PipeSaid {}

    /** The holder's: asks for a part of what was kept, answered by {@link PipeHeard.Part}. */
    record Kept(boolean right, int number) implements PipeSaid {}

    /**
     * Nobody there uses the end any more. Answered by {@link Heard.Done}; if another wanted it before, {@link PipeHeard.GiveUp}
     * came before that, and is to be followed.
     *
     * @param sentOn the end was sent to another process from there, which may use it
     */
    record Close(boolean right, boolean sentOn) implements PipeSaid {}

    /** Where no memory is shared: the next part. Answered by {@link Heard.Done} when there is room, or {@link PipeHeard.Ended}. */
    record Part(boolean right, PipePart part) implements PipeSaid {}

    /**
     * Where no memory is shared: answered by {@link PipeHeard.Part} when there is one, by {@link PipeHeard.Ended}, or
     * by {@link Heard.Left} when another has the end.
     */
    record Take(boolean right) implements PipeSaid {}

    /**
     * Nobody wants to wait any more. What still waits is answered by {@link Heard.Left}.
     *
     * @param ticket of a claim or a part
     */
    record Leave(boolean right, long ticket) implements PipeSaid {}

    /** The other end's process is to look at its end: its bell cannot be rung. */
    record Ring(boolean right) implements PipeSaid {}
}
