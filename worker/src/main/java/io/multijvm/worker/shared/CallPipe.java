// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.SharedPipe;
import io.multijvm.wire.objects.Frame;
import io.multijvm.wire.objects.FrameMessage;
import io.multijvm.wire.objects.FrameReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A pipe to the owner's process, for one call at a time. Used by one thread at a time. */
final class CallPipe {
    private final SharedPipe<@Nullable Object> pipe;
    private final PipeEnd<@Nullable Object> end;
    /** Of an answer that comes in pieces; of use no more when the pipe is broken. */
    private final FrameReader pieces = new FrameReader();

    private boolean broken;

    CallPipe(SharedPipe<@Nullable Object> pipe) {
        this.pipe = pipe;
        this.end = pipe.left();
    }

    /**
     * Has this end taken, and waits until the owner is there.
     *
     * @throws IllegalStateException if it cannot be used
     */
    void greeted() throws InterruptedException {
        byte[] unused = end.receiveBytes();
    }

    /** Whether no other call can go through it. */
    boolean isBroken() {
        return broken;
    }

    /**
     * Calls, and waits until the call has come to an end. An interrupt does not end the wait, and stays.
     *
     * @return false if nothing was called, for the pipe is of no use any more
     */
    boolean call(long object, Call call) {
        boolean interrupted = Thread.interrupted();
        boolean whole = false;
        try {
            byte[] message = new FrameMessage(object, call.frame()).toBytes();
            while (true) {
                try {
                    end.sendBytes(message);
                    break;
                } catch (InterruptedException e) { // and nothing was sent
                    interrupted = true;
                } catch (IllegalStateException e) { // as well
                    return false;
                }
            }
            while (true) {
                try {
                    FrameMessage come = FrameMessage.of(end.receiveBytes());
                    Frame answer = answer(come);
                    if (answer != null) {
                        whole = answered(call, come.word(), answer);
                        return true;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (IllegalStateException e) { // a pipe of an owner that is gone says so in the same words
                    call.cut(String.valueOf(e.getMessage()));
                    return true;
                }
            }
        } finally {
            if (!whole) { // what comes next would not be the next call's answer
                close();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Null if more of it must come first. */
    private @Nullable Frame answer(FrameMessage come) {
        if (come.word() != FrameMessage.PIECE) {
            return come.frame();
        }
        pieces.offer(come.frame().parts()[0]);
        return pieces.next();
    }

    /** False if it was cut, which is the last word of the pipe. */
    private static boolean answered(Call call, long word, Frame answer) {
        if (word == FrameMessage.CUT) {
            call.cut(new String(answer.parts()[0], StandardCharsets.UTF_8));
            return false;
        }
        call.answered(answer);
        return true;
    }

    /** For good. */
    void close() {
        broken = true;
        pipe.close();
    }
}
