// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.failure.DeadlockException;
import io.multijvm.failure.PayloadException;
import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.Frame;
import io.multijvm.worker.shared.FaceMethods;
import io.multijvm.worker.shared.FaceMethods.FaceMethod;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An object of a user's class. Its methods run in threads of the manager's, also when its own program calls; a method that
 * calls another own object, whose turn it is, goes on in the same thread. What would wait for itself is told so, as
 * far as the way stays in this JVM.
 */
final class OwnAtOwner extends CollectionAtOwner {
    private final FaceMethods methods;
    /** Null when it is freed. The turns'. */
    private @Nullable Object object;

    private final Runnable ended;
    /** Its own {@code close} was called. The turns'. */
    private boolean over;

    /** @param ended when its own {@code close} has been called, and who called that has been answered */
    OwnAtOwner(
            long id,
            EventLoop loop,
            Executor threads,
            OwnersCodec codec,
            FaceMethods methods,
            Object object,
            Runnable ended) {
        super(id, loop, threads, codec);
        this.methods = methods;
        this.object = object;
        this.ended = ended;
    }

    @Override
    void forget() {
        object = null;
    }

    @Override
    boolean mayRunHere() {
        return CollectionMaker.isOfManager();
    }

    @Override
    RuntimeException usedInside(long object) {
        return new DeadlockException("shared object " + object + " (" + methods
                + ") is called by one of its own methods through its proxy, and would wait for itself;"
                + " call the method on this instead");
    }

    @Override
    DeadlockException wouldWaitForItself(long object) {
        return new DeadlockException("a call of shared object " + object + " (" + methods
                + ") would wait for ever: the method that runs there waits for the one that calls it now;"
                + " let objects call each other in one direction only");
    }

    @Override
    Frame done(CollectionCall what, Frame call, FunctionsOfCaller functions) throws Throwable {
        if (what != CollectionCall.INVOKE) {
            throw new IllegalArgumentException("an own object is not asked for " + what);
        }
        FaceMethod called = methods.of(call.number());
        if (over) {
            if (called.closes()) {
                return answer(0);
            }
            throw new IllegalStateException(methods + " was closed");
        }
        return called(called, call.parts());
    }

    @Override
    Frame doneAfterClose(Frame call) {
        boolean again = CollectionCall.of(call.kind()) == CollectionCall.INVOKE
                && methods.of(call.number()).closes();
        return again ? answer(0) : super.doneAfterClose(call);
    }

    private Frame called(FaceMethod called, byte[][] parts) throws Throwable {
        @Nullable Object[] arguments = decoded(called, parts);
        if (called.closes()) {
            over = true;
            inNextTurn(ended);
        }
        @Nullable Object result = invoke(called.method(), arguments);
        return called.method().getReturnType() == void.class ? answer(0) : answer(0, encoded(called, result));
    }

    private @Nullable Object[] decoded(FaceMethod called, byte[][] parts) {
        if (parts.length != called.method().getParameterCount()) {
            throw new IllegalArgumentException(called + " does not take " + parts.length + " arguments");
        }
        @Nullable Object[] arguments = new @Nullable Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
            try {
                arguments[i] = codec().value(parts[i]);
            } catch (PayloadException e) {
                throw forCaller(e, called + ", argument " + (i + 1) + ", at the owner of its object");
            }
        }
        return arguments;
    }

    private byte[] encoded(FaceMethod called, @Nullable Object result) {
        try {
            return codec().values().encode(result, "result");
        } catch (PayloadException e) {
            throw forCaller(e, called + ", which was done");
        }
    }

    /** Without its cause, which is a codec's and does not cross. */
    private static PayloadException forCaller(PayloadException refused, String what) {
        return new PayloadException(what + ": " + refused.getMessage(), refused.path(), refused.advice(), null);
    }

    private @Nullable Object invoke(Method method, @Nullable Object[] arguments) throws Throwable {
        boolean unused =
                method.trySetAccessible(); // an interface need not be public; if it cannot be, the call says so
        boolean interrupted = Thread.interrupted(); // of a call further out, in this thread
        try {
            return method.invoke(Objects.requireNonNull(object, "it is not closed"), arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(
                    methods + " cannot be called: its module does not open its package to io.multijvm", e);
        } finally {
            unused = Thread.interrupted(); // what a method leaves behind is none of the next one's business
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
