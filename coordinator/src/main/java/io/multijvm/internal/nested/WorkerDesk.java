// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.nested;

import io.multijvm.failure.PayloadException;
import io.multijvm.internal.call.Nestings;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.dispatch.CallDesk;
import io.multijvm.internal.dispatch.CallState;
import io.multijvm.internal.result.AnswerFuture;
import io.multijvm.wire.v1.FromNested;
import io.multijvm.wire.v1.NestedStop;
import io.multijvm.worker.nested.Frame;
import io.multijvm.worker.nested.NestedLine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Passes the calls of one item on to the coordinator, and what becomes of them back. Ends with the item. Thread-safe.
 *
 * <p>A thread that waits in one of our own methods says so, and runs items itself where nobody else is free. One that waits
 * elsewhere, for {@code allOf(...).join()} or a latch, does not: so while calls are open a look is taken now and then at the
 * item's thread, and if it is blocked, items that nobody else is free for run in a thread beside it.
 */
final class WorkerDesk implements CallDesk {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    /** For what runs in this JVM and was told to stop, once its item has ended. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Frame frame;
    private final NestedLine line;
    private final ExecutorService support;
    private final Map<Long, OpenCall> calls = new ConcurrentHashMap<>();
    private volatile boolean ended;

    // the line's thread
    private boolean watching;
    private boolean wasBlocked;

    WorkerDesk(Frame frame, ExecutorService support) {
        this.frame = frame;
        this.line = frame.host().line();
        this.support = support;
    }

    @Override
    public void submit(CallState call) {
        requireItem();
        Nestings.requireCall(frame.depth() + 1);
        call.heardBy((after, report) -> line.later(() -> support.execute(report), after));
        OpenCall open = new OpenCall(frame, call, frame.host().newCall(), this);
        calls.put(call.asked().id(), open);
        open.begin();
        if (ended) {
            open.cancel(true);
        }
    }

    private void requireItem() {
        if (ended) {
            throw new RejectedExecutionException(
                    "the task that asked for this pool has ended, and with it what it asked"
                            + " for; make the call before the task returns");
        }
    }

    private OpenCall find(CallState call) {
        OpenCall open = calls.get(call.asked().id());
        if (open == null) {
            throw new RejectedExecutionException("this call has ended");
        }
        return open;
    }

    private @Nullable OpenCall known(CallState call) {
        return calls.get(call.asked().id());
    }

    @Override
    public void encoded(CallState call, ItemBlock block) {
        if (call.asked().kind() == CallState.Kind.SUBMITS) {
            // a single task, by a caller who wants to hear of it; a feeder is told by its gate
            requireItem();
            find(call).items(block);
            return;
        }
        OpenCall open = known(call);
        if (open != null) {
            open.items(block);
        }
    }

    @Override
    public void notEncoded(CallState call, long index, PayloadException why) {
        OpenCall open = known(call);
        if (open != null) {
            open.notEncoded(index, why);
        }
    }

    @Override
    public void inputEnded(CallState call, @Nullable Throwable failure) {
        OpenCall open = known(call);
        if (open != null) {
            open.inputEnded(failure);
        }
    }

    @Override
    public void taken(CallState call, int items, long bytes) {
        OpenCall open = known(call);
        if (open != null) {
            open.taken(items, bytes);
        }
    }

    @Override
    public void cancel(CallState call, boolean byForce) {
        OpenCall open = known(call);
        if (open != null) {
            open.cancel(byForce);
        }
    }

    @Override
    public void cancel(CallState call, AnswerFuture<?> future) {
        OpenCall open = known(call);
        if (open != null) {
            open.cancel(future);
        }
    }

    @Override
    public void letRun(CallState call) {
        OpenCall open = known(call);
        if (open != null) {
            open.letRun();
        }
    }

    @Override
    public void letRun(CallState call, AnswerFuture<?> future) {
        OpenCall open = known(call);
        if (open != null) {
            open.letRun(future);
        }
    }

    @Override
    public void broadcast(CallState call, byte[] item, int largeFrom) {
        throw NestedPool.wouldWait("broadcast()");
    }

    /** Waits for nothing: a task cannot wait for the end of the pool that waits for the task. */
    @Override
    public CompletableFuture<@Nullable Void> stop(boolean now) {
        line.send(FromNested.newBuilder()
                .setStop(NestedStop.newBuilder().setNow(now))
                .build()
                .toByteArray());
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean help(CallState call) {
        OpenCall open = known(call);
        return open != null && open.granted().help();
    }

    @Override
    public void waited(CallState call) {
        OpenCall open = known(call);
        if (open != null) {
            open.granted().waited();
        }
    }

    /** Nothing more will come of the call. The line's thread. */
    void forget(long id) {
        calls.remove(id);
    }

    /** Whoever listens to its progress hears the end of it. The line's thread. */
    void ended(CallState call) {
        call.ended(support);
    }

    void inSupport(Runnable action) {
        support.execute(action);
    }

    /** Items were given in. The line's thread. */
    void watch() {
        if (!watching) {
            watching = true;
            wasBlocked = false;
            line.later(this::look, BETWEEN_LOOKS);
        }
    }

    private void look() {
        List<OpenCall> open =
                calls.values().stream().filter(OpenCall::unfinished).toList();
        if (ended || open.isEmpty()) {
            watching = false;
            return;
        }
        boolean blocked = switch (frame.thread().getState()) {
            case WAITING, TIMED_WAITING, BLOCKED ->
                open.stream().noneMatch(call -> call.granted().hasWaiting(frame.thread()));
            case NEW, RUNNABLE, TERMINATED -> false;
        };
        // a thread that only passes through a lock is not found there twice
        boolean waits = blocked && wasBlocked;
        wasBlocked = blocked;
        open.forEach(call -> call.granted().aside(waits));
        line.later(this::look, BETWEEN_LOOKS);
    }

    void frameEnded() {
        ended = true;
        List<OpenCall> left = List.copyOf(calls.values());
        left.forEach(call -> call.cancel(true));
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        // an item that does not follow goes on as a thread would that the task had left behind
        while (left.stream().anyMatch(call -> call.granted().anyRuns()) && deadline - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(1));
            // spent: the item is over
            var unused = Thread.interrupted();
        }
    }
}
