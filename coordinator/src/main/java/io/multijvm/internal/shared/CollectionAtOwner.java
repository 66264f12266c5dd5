// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.codec.Failures;
import io.multijvm.failure.DeadlockException;
import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.wire.objects.CollectionAnswer;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.CollectionSaid;
import io.multijvm.wire.objects.Frame;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.Said;
import io.multijvm.worker.shared.DirectCalls;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A map, a set, a list or an own object. The event loop takes calls in and sends answers out; what is called is done in {@link Turns}, for it
 * decodes, and runs user code. The owner's own program calls without the loop.
 */
abstract class CollectionAtOwner implements OwnedObject, DirectCalls {
    /** As long as it takes to hand a call on to another thread, at least. */
    private static final long SPIN_NANOS = Runtime.getRuntime().availableProcessors() > 1 ? 10_000 : 0;

    private final long id;
    private final EventLoop loop;
    private final OwnersCodec codec;
    private final Turns turns;
    private final FunctionsOfCaller functionsHere = new FunctionsOfCaller();
    private final Map<Client, CallerAtOwner> callers = new ConcurrentHashMap<>();
    /** Calls by pipes that are not answered. */
    private final Set<Piped> piped = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /** @param threads each for as long as it likes */
    CollectionAtOwner(long id, EventLoop loop, Executor threads, OwnersCodec codec) {
        this.id = id;
        this.loop = loop;
        this.codec = codec;
        this.turns = new Turns(threads);
    }

    /**
     * Does a call, in its turn. What it throws is the answer; then nothing may have changed.
     *
     * @param functions of who calls
     */
    abstract Frame done(CollectionCall what, Frame call, FunctionsOfCaller functions) throws Throwable;

    /** A call that was under way when it was closed, or made by who has not heard of that yet. */
    Frame doneAfterClose(Frame call) {
        throw wasClosed();
    }

    static Frame answer(long number, byte[]... parts) {
        return Frame.of(CollectionAnswer.DONE, number, parts);
    }

    static Frame answer(boolean so) {
        return answer(so ? 1 : 0);
    }

    final OwnersCodec codec() {
        return codec;
    }

    /** In a turn. */
    @SuppressWarnings("CatchingUnchecked") // whatever it is, who calls is to hear of it
    final Frame perform(Frame call, FunctionsOfCaller functions) {
        try {
            if (closed) {
                return doneAfterClose(call);
            }
            return done(CollectionCall.of(call.kind()), call, functions);
        } catch (Throwable e) {
            return Frame.of(CollectionAnswer.FAILED, 0, Failures.bytesOf(e, codec.values()));
        }
    }

    @Override
    public final void said(Client from, long ticket, Said said) {
        if (said instanceof CollectionSaid bytes) {
            caller(from).hear(bytes);
        } else {
            from.tell(id, ticket, new Heard.Refused("a collection is not asked for " + said));
        }
    }

    private CallerAtOwner caller(Client from) {
        return callers.computeIfAbsent(from, client -> new CallerAtOwner(id, client, this, turns, loop));
    }

    /**
     * A call that has come by a pipe. Either it is answered or it is cut.
     *
     * @param onCut told by the loop
     */
    private record Piped(CompletableFuture<Frame> answer, Consumer<String> onCut) {
        void cut(IllegalStateException why) {
            if (answer.completeExceptionally(why)) {
                onCut.accept(why.getMessage());
            }
        }
    }

    /**
     * Does a call that has come by a pipe, in its turn: in this thread, if that is at once. Waits for that.
     *
     * @param onCut told, on the loop, if the collection is closed before the call is done; whatever it does then goes unheard
     * @return null if it was cut
     */
    final @Nullable Frame serve(Client from, Frame call, Consumer<String> onCut) throws InterruptedException {
        FunctionsOfCaller functions = caller(from).functions();
        CompletableFuture<Frame> answer = new CompletableFuture<>();
        Piped itself = new Piped(answer, onCut);
        piped.add(itself);
        try {
            if (closed) { // it may have come just after the others were told
                itself.cut(wasClosed());
            } else {
                inTurn(() -> answer.complete(perform(call, functions)));
            }
            return answer.get();
        } catch (ExecutionException e) {
            return null;
        } finally {
            piped.remove(itself);
        }
    }

    /** In this thread if it is its turn, or is so soon. */
    private void inTurn(Runnable step) {
        long begin = System.nanoTime();
        while (!turns.now(step)) {
            if (System.nanoTime() - begin > SPIN_NANOS) {
                turns.later(step);
                return;
            }
            Thread.onSpinWait();
        }
    }

    private IllegalStateException wasClosed() {
        return new IllegalStateException("shared object " + id + " cannot be used any more: it was closed");
    }

    @Override
    public final String what() {
        return "collection";
    }

    @Override
    public final void gone(Client client) {
        CallerAtOwner caller = callers.remove(client);
        if (caller != null) {
            caller.gone();
        }
    }

    @Override
    public final void closed() {
        closed = true;
        callers.values().forEach(CallerAtOwner::gone);
        callers.clear();
        piped.forEach(call -> call.cut(wasClosed()));
        try {
            if (!turns.now(this::forget)) { // which takes no time
                turns.later(this::forget);
            }
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // all is closed, or there is no thread just now: it goes with what stands for it in this program
        }
    }

    /** It is closed, and keeps nothing, however long its own program has what stands for it. The last turn. */
    abstract void forget();

    /** Whether the thread that calls may do it itself. */
    boolean mayRunHere() {
        return true;
    }

    /** After this turn's answer is on its way. */
    final void inNextTurn(Runnable step) {
        turns.later(step);
    }

    @Override
    public final @Nullable Frame now(Frame call) {
        refuseInside();
        if (!mayRunHere()) {
            return null;
        }
        Frame[] answer = new Frame[1];
        return turns.now(() -> answer[0] = perform(call, functionsHere)) ? answer[0] : null;
    }

    @Override
    public final Runnable later(Frame call, boolean waited, Consumer<Frame> answered) {
        refuseInside();
        Runnable waitIsOver = waited && Turns.isInOne() ? waitedFor() : () -> {};
        try {
            turns.later(() -> {
                Frame answer = perform(call, functionsHere);
                waitIsOver.run();
                answered.accept(answer);
            });
            return waitIsOver;
        } catch (OutOfMemoryError e) { // the system gives no more threads just now
            waitIsOver.run();
            throw e;
        } catch (RejectedExecutionException e) {
            waitIsOver.run();
            throw new IllegalStateException("the manager is closed", e);
        }
    }

    /** It would wait for itself. */
    private void refuseInside() {
        if (turns.isMine()) {
            throw usedInside(id);
        }
    }

    /** What its user is told, who would wait for ever. */
    RuntimeException usedInside(long object) {
        return new IllegalStateException(
                "shared object " + object + " is used by a function, or by a key's equals or hashCode,"
                        + " that it has just called itself; use what the function is given instead");
    }

    /**
     * This thread, which is in the middle of a turn of something else, is about to wait.
     *
     * @return to be run when it does not wait any more; may be run again
     */
    private Runnable waitedFor() {
        if (!CallCircles.mayWait(turns)) {
            throw wouldWaitForItself(id);
        }
        Thread waits = Thread.currentThread();
        return () -> CallCircles.isOver(waits, turns);
    }

    /** What its user is told, whose call would wait for what waits for that call. */
    DeadlockException wouldWaitForItself(long object) {
        return new DeadlockException("a call of shared object " + object
                + " would wait for ever: what runs there waits for the function or method that calls it now;"
                + " let functions at the owner use other shared objects in one direction only");
    }

    @Override
    public final void trust(Object value) {
        codec.trust(value);
    }
}
