// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.objects.CollectionSaid;
import io.multijvm.wire.objects.FrameMessage;
import io.multijvm.worker.pipe.PipeWaiters;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The pipes by which this process's threads call one owner when they wait for the answer: each thread has one to itself
 * meanwhile, so that nobody hands a call or an answer on. They are made when it seems to pay; until then, and while there is
 * none, calls go by messages. Thread-safe.
 */
final class CallPipes {
    private static final System.Logger LOG = System.getLogger(CallPipes.class.getName());

    /** So many calls without one cost about what it costs to make one. */
    private static final int CALLS = 32;

    /** So often at most is it asked again after a refusal: room may come, but most refusals are for good. */
    private static final int MOST_CALLS = CALLS << 15;

    /** More threads than that do not run at once. */
    private static final int MOST = Math.min(4, Runtime.getRuntime().availableProcessors());

    /** What is longer goes by messages, in pieces. */
    private static final long MOST_BYTES = 16L * CollectionSaid.WINDOW_BYTES;

    /** Makes one. Waits for the owner. */
    interface Maker {
        /**
         * Another one, whose other end is there.
         *
         * @throws IllegalStateException if there is none to be had
         */
        CallPipe make() throws InterruptedException;
    }

    private final Maker maker;
    private final Executor aside;
    // guarded by this
    private final Deque<CallPipe> free = new ArrayDeque<>();
    private int there;
    private int missed;
    private int callsToNext = CALLS;
    private boolean making;

    CallPipes(Maker maker) {
        this(maker, PipeWaiters::aside);
    }

    CallPipes(Maker maker, Executor aside) {
        this.maker = maker;
        this.aside = aside;
    }

    /**
     * Calls and waits, if there is a pipe for it.
     *
     * @return false if nothing was called
     */
    boolean call(long object, Call call) {
        if (FrameMessage.bytes(call.frame()) > MOST_BYTES) {
            return false;
        }
        CallPipe pipe = take();
        while (pipe != null) {
            try {
                if (pipe.call(object, call)) {
                    return true;
                }
            } finally {
                giveBack(pipe);
            }
            pipe = take();
        }
        return false;
    }

    private synchronized @Nullable CallPipe take() {
        CallPipe pipe = free.poll();
        if (pipe == null && !making && there < MOST) {
            missed++;
            if (missed >= callsToNext) {
                missed = 0;
                begin();
            }
        }
        return pipe;
    }

    /** Whose lock is held. */
    private void begin() {
        making = true;
        try {
            aside.execute(this::make);
        } catch (OutOfMemoryError e) {
            // no thread for it: the call itself can go on without
            ended(null, e);
        }
    }

    private synchronized void giveBack(CallPipe pipe) {
        if (pipe.isBroken()) {
            there--;
        } else {
            free.push(pipe);
        }
    }

    /** By a thread that may wait. */
    private void make() {
        try {
            ended(maker.make(), null);
        } catch (IllegalStateException | InterruptedException | OutOfMemoryError e) {
            ended(null, e);
        }
    }

    private synchronized void ended(@Nullable CallPipe made, @Nullable Throwable why) {
        making = false;
        if (made == null) {
            LOG.log(Level.DEBUG, "calls that are waited for go by messages", why);
            callsToNext = Math.min(MOST_CALLS, callsToNext * CALLS);
        } else {
            callsToNext = CALLS;
            there++;
            free.push(made);
        }
    }
}
