// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.codec.Failures;
import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedLock;
import io.multijvm.wire.objects.CollectionAnswer;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.CollectionHeard;
import io.multijvm.wire.objects.Frame;
import io.multijvm.wire.objects.Heard;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A map, a set, a list or an own object: its owner has all of it, and this process calls. What it reads it decodes in the thread that wants it. */
abstract class CollectionClient extends ObjectClient {
    private static final long serialVersionUID = 1;
    private static final byte[][] NO_PARTS = {};

    private final transient @Nullable DirectCalls direct;
    private final transient CallLane lane;
    private final transient Finisher finisher = new Finisher();

    CollectionClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
        this.direct = owner.direct(handle.object());
        this.lane = direct != null
                ? new DirectLane(direct)
                : new StreamedLane(
                        handle,
                        said -> {
                            try {
                                owner.say(handle.object(), 0, said);
                            } catch (IllegalStateException e) {
                                // the owner is gone, of which all who wait are told
                            }
                        },
                        call -> owner.callPipes(handle).call(handle.object(), call));
    }

    /** A call that a thread waits for. */
    private static final class Asked extends Call {
        private final CompletableFuture<Frame> answer = new CompletableFuture<>();

        Asked(CollectionCall what, String word, Frame frame) {
            super(what, word, frame);
        }

        @Override
        void answered(Frame frame) {
            answer.complete(frame);
        }

        @Override
        void failed(IllegalStateException why) {
            answer.completeExceptionally(why);
        }

        Frame await() {
            try {
                return answer.join();
            } catch (CompletionException e) {
                Throwable why = e.getCause() == null ? e : e.getCause();
                throw new IllegalStateException(why.getMessage(), why);
            }
        }
    }

    /** A call whose answer completes a future. */
    private final class Promised<T extends @Nullable Object> extends Call {
        private final CompletableFuture<T> future = new CompletableFuture<>();
        private final Function<Frame, T> read;

        Promised(CollectionCall what, Frame frame, Function<Frame, T> read) {
            super(what, frame);
            this.read = read;
        }

        @Override
        void answered(Frame answer) {
            finisher.finish(() -> answeredHere(answer));
        }

        @Override
        @SuppressWarnings("CatchingUnchecked") // whatever it is, who waits is to hear of it
        void answeredHere(Frame answer) {
            T value;
            try {
                value = read.apply(checked(answer));
            } catch (Throwable e) {
                future.completeExceptionally(e);
                return;
            }
            future.complete(value);
        }

        @Override
        void failed(IllegalStateException why) {
            finisher.finish(() -> future.completeExceptionally(why));
        }
    }

    /** Calls, and waits for the answer. An interrupt does not end the wait, and stays. */
    final Frame call(CollectionCall what, long number, byte[]... parts) {
        return checked(ask(what, what.word(), number, parts));
    }

    /**
     * As {@link #call(CollectionCall, long, byte[]...)}, but a failure is an answer as any other.
     *
     * @param word the method that the user calls, as messages say it
     */
    final Frame ask(CollectionCall what, String word, long number, byte[]... parts) {
        opened();
        Asked asked = new Asked(what, word, Frame.of(what, number, parts));
        lane.send(asked);
        return asked.await();
    }

    final Frame call(CollectionCall what) {
        return call(what, 0, NO_PARTS);
    }

    /**
     * Calls. Waits only while too much is not answered; an interrupt then cancels the future, and stays.
     *
     * @param read makes the future's value of the answer
     */
    final <T extends @Nullable Object> CompletableFuture<T> callAsync(
            Function<Frame, T> read, CollectionCall what, long number, byte[]... parts) {
        opened();
        Promised<T> promised = new Promised<>(what, Frame.of(what, number, parts), read);
        try {
            lane.sendInterruptibly(promised);
        } catch (InterruptedException e) {
            promised.future.cancel(false);
            Thread.currentThread().interrupt();
        }
        return promised.future;
    }

    /**
     * Calls, and lets the answer be waited for later, after other calls. Waits while too much is not answered. No interrupt ends
     * a wait, and it stays.
     *
     * @param word the method that the user calls, as messages say it
     * @return waits for the answer
     */
    final Supplier<Frame> begin(CollectionCall what, String word, long number, byte[]... parts) {
        opened();
        Asked asked = new Asked(what, word, Frame.of(what, number, parts));
        boolean interrupted = false;
        boolean sent = false;
        try {
            while (!sent) {
                try {
                    lane.sendInterruptibly(asked);
                    sent = true;
                } catch (InterruptedException e) { // and nothing was sent
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return () -> checked(asked.await());
    }

    private Frame checked(Frame answer) {
        Throwable thrown = failure(answer);
        if (thrown != null) {
            CollectionClient.<RuntimeException>rethrow(thrown);
        }
        return answer;
    }

    /** What was thrown at the owner; null if nothing was. */
    final @Nullable Throwable failure(Frame answer) {
        return CollectionAnswer.FAILED.isOf(answer) ? Failures.causeOf(answer.parts()[0], owner().codec()) : null;
    }

    /** What a function has thrown at the owner is thrown here as it is, checked or not, as if it had run here. */
    @SuppressWarnings("unchecked") // the cast is erased: that is the trick
    private static <E extends Throwable> void rethrow(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** @throws io.multijvm.failure.PayloadException if it cannot cross */
    final byte[] encode(@Nullable Object value) {
        return encode(value, "value");
    }

    /**
     * As {@link #encode(Object)}.
     *
     * @param rootName what it is, the first word of a failure's path
     */
    final byte[] encode(@Nullable Object value, String rootName) {
        if (direct != null && value != null) {
            direct.trust(value);
        }
        return owner().codec().encode(value, rootName);
    }

    /** @throws io.multijvm.failure.PayloadException if it cannot cross */
    final byte[] encodeFunction(Object function) {
        if (direct != null) {
            direct.trust(function);
        }
        return owner().codec().encode(function, "function");
    }

    /** @throws NullPointerException if it is null */
    final byte[] encodeKey(@Nullable Object key) {
        return encode(Objects.requireNonNull(key, "key"));
    }

    /** @throws NullPointerException if one is null */
    final byte[][] encodeKeys(Collection<?> keys) {
        return keys.stream().map(this::encodeKey).toArray(byte[][]::new);
    }

    final @Nullable Object decode(byte[] bytes) {
        return owner().codec().decode(bytes, 0, bytes.length);
    }

    public final SharedLock getLock() {
        return itsLock();
    }

    public final void close() {
        closeForAll();
    }

    @Override
    protected void heard(long ticket, Heard heard) {
        if (heard instanceof CollectionHeard come && lane instanceof StreamedLane streamed) {
            try {
                streamed.heard(come);
            } catch (OutOfMemoryError e) { // the line and its other objects are none of its business
                unusable("there is no memory here for what its owner has answered");
            }
        } else if (heard instanceof Heard.Refused refused) {
            unusable(refused.why());
        }
    }

    private void unusable(String why) {
        lane.ended(handle() + " cannot be used any more: " + why); // toString would ask the owner
    }

    @Override
    protected void ended(String why) {
        lane.ended(why);
    }
}
