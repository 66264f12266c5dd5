// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.codec.Failures;
import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.wire.objects.CollectionAnswer;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.CollectionSaid;
import io.multijvm.wire.objects.Frame;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.Said;
import io.multijvm.worker.shared.DirectCalls;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A map, a set, a list or an own object. The event loop takes calls in and sends answers out; what is called is done in {@link Turns}, for it
 * decodes, and runs user code. The owner's own program calls without the loop.
 */
abstract class CollectionAtOwner implements OwnedObject, DirectCalls {
    private final long id;
    private final EventLoop loop;
    private final OwnersCodec codec;
    private final Turns turns;
    private final FunctionsOfCaller functionsHere = new FunctionsOfCaller();
    /** The loop's. */
    private final Map<Client, CallerAtOwner> callers = new HashMap<>();

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
                throw new IllegalStateException("shared object " + id + " was closed");
            }
            return done(CollectionCall.of(call.kind()), call, functions);
        } catch (Throwable e) {
            return Frame.of(CollectionAnswer.FAILED, 0, Failures.bytesOf(e, codec.values()));
        }
    }

    @Override
    public final void said(Client from, long ticket, Said said) {
        if (said instanceof CollectionSaid bytes) {
            callers.computeIfAbsent(from, client -> new CallerAtOwner(id, client, this, turns, loop))
                    .hear(bytes);
        } else {
            from.tell(id, ticket, new Heard.Refused("a collection is not asked for " + said));
        }
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
    public final void later(Frame call, Consumer<Frame> answered) {
        refuseInside();
        try {
            Consumer<Frame> told = waitedFor(turns, answered);
            turns.later(() -> told.accept(perform(call, functionsHere)));
        } catch (RejectedExecutionException e) {
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
     * A thread of this JVM is about to call.
     *
     * @param itsTurns which the call has to wait for
     * @return to be told the answer instead
     */
    Consumer<Frame> waitedFor(Turns itsTurns, Consumer<Frame> answered) {
        return answered;
    }

    @Override
    public final void trust(Object value) {
        codec.trust(value);
    }
}
