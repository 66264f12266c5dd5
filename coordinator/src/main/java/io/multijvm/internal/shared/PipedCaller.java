// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.shared.PipeEnd;
import io.multijvm.wire.objects.CollectionAnswer;
import io.multijvm.wire.objects.Frame;
import io.multijvm.wire.objects.FrameMessage;
import io.multijvm.wire.objects.FrameWriter;
import io.multijvm.worker.pipe.PipeWaiters;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Calls of one process that come by a pipe, each after the answer to the one before. Confined to the thread that serves them. */
final class PipedCaller {
    private static final System.Logger LOG = System.getLogger(PipedCaller.class.getName());
    private static final byte[] GREETING = {};

    private final Client from;
    private final PipeEnd<@Nullable Object> end;
    private final LongFunction<@Nullable CollectionAtOwner> collections;
    /** Its last word is said. */
    private final CompletableFuture<Boolean> wasCut = new CompletableFuture<>();

    /** @param end whose other end is the process's */
    PipedCaller(Client from, PipeEnd<@Nullable Object> end, LongFunction<@Nullable CollectionAtOwner> collections) {
        this.from = from;
        this.end = end;
        this.collections = collections;
    }

    /** Until the process has ended, a call of it was cut, or the manager is closed; then this end is closed. */
    void serve() {
        try (end) {
            end.sendBytes(GREETING);
            boolean answered = true;
            while (answered) {
                answered = answer(FrameMessage.of(end.receiveBytes()));
            }
            wasCut.join();
        } catch (IllegalStateException | RejectedExecutionException e) {
            // it has ended, or all is closed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // all is closed
        } catch (RuntimeException | OutOfMemoryError e) { // who calls hears that its call was cut
            LOG.log(Level.WARNING, "calls of " + from + " do not come by a pipe any more", e);
        }
    }

    private boolean answer(FrameMessage call) throws InterruptedException {
        CollectionAtOwner called = collections.apply(call.word());
        if (called == null) {
            cut("shared object " + call.word() + " cannot be used any more: it was closed");
            return false;
        }
        Frame answer = called.serve(from, call.frame(), why -> PipeWaiters.aside(() -> cut(why)));
        if (answer == null) {
            return false;
        }
        send(answer);
        return true;
    }

    private void send(Frame answer) throws InterruptedException {
        if (FrameMessage.bytes(answer) <= FrameMessage.MOST_ANSWER_BYTES) {
            end.sendBytes(new FrameMessage(FrameMessage.ANSWERED, answer).toBytes());
            return;
        }
        FrameWriter rest = new FrameWriter();
        rest.write(answer);
        while (rest.bytes() > 0) {
            Frame piece = Frame.of(CollectionAnswer.DONE, 0, rest.cut(FrameMessage.MOST_ANSWER_BYTES));
            end.sendBytes(new FrameMessage(FrameMessage.PIECE, piece).toBytes());
        }
    }

    /** The process uses the pipe no more after that. */
    private void cut(String why) {
        Frame reason = Frame.of(CollectionAnswer.FAILED, 0, why.getBytes(StandardCharsets.UTF_8));
        try {
            end.sendBytes(new FrameMessage(FrameMessage.CUT, reason).toBytes());
        } catch (IllegalStateException | InterruptedException e) {
            // it hears so, for the pipe is closed
        } finally {
            wasCut.complete(true);
        }
    }
}
