// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static java.util.Objects.requireNonNull;

import io.multijvm.failure.PayloadException;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.Frame;
import io.multijvm.wire.objects.Said;
import io.multijvm.worker.shared.FaceMethods.FaceMethod;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An object of a user's class: what users see is a proxy of its interface, whose calls are done by the owner. */
final class OwnClient extends CollectionClient implements InvocationHandler {
    private static final long serialVersionUID = 1;
    private static final Object[] NOTHING = {};

    private final transient FaceMethods methods;
    private final transient Object face;

    OwnClient(SharedHandle handle, OwnerLine owner) {
        super(handle, owner);
        this.methods = FaceMethods.of(requireNonNull(handle.face(), "handle of an own object without its interface"));
        this.face = methods.proxy(this);
    }

    @Override
    public Object face() {
        return face;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        FaceMethod called = methods.of(method);
        if (called == null) {
            return here(method.getName(), arguments == null ? NOTHING : arguments);
        }
        if (called.closes()) {
            close(called);
            return null;
        }
        byte[][] parts = arguments == null ? new byte[0][] : encoded(called, arguments);
        return result(called, ask(CollectionCall.INVOKE, called.word(), called.number(), parts));
    }

    /** What every object has, and what crosses of this one: done without the owner. */
    private Object here(String method, @Nullable Object[] arguments) {
        return switch (method) {
            case "equals" -> arguments[0] == face;
            case "hashCode" -> System.identityHashCode(face);
            case "toString" -> methods + ", " + handle();
            case "writeReplace" -> handle();
            default -> throw new IllegalArgumentException(methods + " has no method " + method);
        };
    }

    private byte[][] encoded(FaceMethod called, @Nullable Object[] arguments) {
        byte[][] parts = new byte[arguments.length][];
        for (int i = 0; i < parts.length; i++) {
            try {
                parts[i] = encode(arguments[i], "argument");
            } catch (PayloadException e) {
                throw e.of(called + ", argument " + (i + 1));
            }
        }
        return parts;
    }

    private @Nullable Object result(FaceMethod called, Frame answer) throws Throwable {
        Throwable thrown = failure(answer);
        if (thrown != null) {
            throw calledHere(thrown);
        }
        if (answer.parts().length == 0) {
            return null;
        }
        try {
            return decode(answer.parts()[0]);
        } catch (PayloadException e) {
            throw e.of(called + ", its result");
        }
    }

    /** Its frames are the owner's: those of who has called follow them, as if it had been called here. */
    private static Throwable calledHere(Throwable thrown) {
        Stream<StackTraceElement> here = Stream.of(new Throwable().getStackTrace())
                .dropWhile(frame -> frame.getClassName().equals(OwnClient.class.getName()));
        try {
            thrown.setStackTrace(
                    Stream.concat(Stream.of(thrown.getStackTrace()), here).toArray(StackTraceElement[]::new));
        } catch (RuntimeException e) {
            // a method of the user's exception threw: it is what the object threw, with those frames or not
        }
        return thrown;
    }

    /** What is closed already stays so, whoever closed it. */
    private void close(FaceMethod called) throws Throwable {
        if (closedBecause() != null) {
            return;
        }
        Frame answer;
        try {
            answer = ask(CollectionCall.INVOKE, called.word(), called.number());
        } catch (IllegalStateException e) {
            if (!isClosedByOthers()) {
                throw e;
            }
            return;
        }
        Throwable thrown = failure(answer);
        if (thrown != null) {
            throw calledHere(thrown);
        }
    }

    /** A call is cut by a pipe before this process hears by messages that the object is closed: they are asked for that. */
    private boolean isClosedByOthers() {
        if (closedBecause() == null) {
            try {
                var unused = await(ask(new Said.Open()));
            } catch (IllegalStateException e) {
                // that says which of them it is
            }
        }
        return closedBecause() != null && owner().goneBecause() == null;
    }
}
