// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.SharedPipe;
import io.multijvm.wire.objects.CollectionAnswer;
import io.multijvm.wire.objects.Frame;
import io.multijvm.wire.objects.FrameMessage;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Calls of one process that come by a pipe, each after the answer to the one before. Confined to the thread that serves them. */
final class PipedCaller {
    private static final System.Logger LOG = System.getLogger(PipedCaller.class.getName());
    private static final byte[] GREETING = {};

    private final Client from;
    private final SharedPipe<@Nullable Object> pipe;
    private final LongFunction<@Nullable CollectionAtOwner> collections;

    /** @param pipe whose left end is the process's */
    PipedCaller(
            Client from, SharedPipe<@Nullable Object> pipe, LongFunction<@Nullable CollectionAtOwner> collections) {
        this.from = from;
        this.pipe = pipe;
        this.collections = collections;
    }

    /** Until the process has ended, or the manager is closed; then the pipe is closed. */
    void serve() {
        try (pipe) {
            PipeEnd<@Nullable Object> end = pipe.right();
            end.sendBytes(GREETING);
            while (true) {
                end.sendBytes(answer(FrameMessage.of(end.receiveBytes())).toBytes());
            }
        } catch (IllegalStateException e) {
            // it has ended, or all is closed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // all is closed
        } catch (IllegalArgumentException | OutOfMemoryError e) { // who calls hears that its call was cut
            LOG.log(Level.WARNING, "calls of " + from + " do not come by a pipe any more", e);
        }
    }

    private FrameMessage answer(FrameMessage call) throws InterruptedException {
        CollectionAtOwner called = collections.apply(call.word());
        if (called == null) {
            return cut("shared object " + call.word() + " was closed");
        }
        try {
            return new FrameMessage(FrameMessage.ANSWERED, called.serve(from, call.frame()));
        } catch (IllegalStateException | OutOfMemoryError e) { // of a thread, say
            return cut(String.valueOf(e.getMessage()));
        }
    }

    private static FrameMessage cut(String why) {
        return new FrameMessage(
                FrameMessage.CUT, Frame.of(CollectionAnswer.FAILED, 0, why.getBytes(StandardCharsets.UTF_8)));
    }
}
