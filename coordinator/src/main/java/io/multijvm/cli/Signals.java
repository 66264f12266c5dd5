// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;

/**
 * What a signal does to this JVM. By reflection: {@code sun.misc.Signal} is all that Java has for it, a supported class of
 * module {@code jdk.unsupported}, but the compiler warns of it in a way that cannot be silenced.
 */
final class Signals {
    private Signals() {}

    /** Puts back what the signal did before. */
    @FunctionalInterface
    interface Handled extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Runs {@code action} in a thread of its own whenever the signal comes. A signal that this process was told to ignore
     * by whoever started it stays ignored.
     *
     * @param name without SIG, as {@code INT}
     * @return empty where that cannot be: another system, a JVM without the class, or one that was told with -Xrs to
     *     leave signals alone
     */
    static Optional<Handled> handle(String name, Runnable action) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            Object handler = Proxy.newProxyInstance(
                    handlerType.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        return switch (method.getName()) {
                            case "handle" -> {
                                action.run();
                                yield null;
                            }
                            case "hashCode" -> System.identityHashCode(proxy);
                            case "equals" -> arguments != null && proxy == arguments[0];
                            default -> "multijvm's handler of SIG" + name;
                        };
                    });
            var handle = signalType.getMethod("handle", signalType, handlerType);
            Object before = handle.invoke(null, signal, handler);
            return Optional.of(() -> {
                try {
                    handle.invoke(null, signal, before);
                } catch (IllegalAccessException | InvocationTargetException e) {
                    throw new IllegalStateException("SIG" + name + " cannot be given back", e);
                }
            });
        } catch (
                ReflectiveOperationException
                        e) { // no such class, a signal unknown here, or the JVM does not let go of it
            return Optional.empty();
        }
    }
}
