// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Makes a hang a failure that shows itself: after the limit all stacks are dumped and the test is interrupted. */
public final class Watchdog implements InvocationInterceptor {
    private static final Duration LIMIT = Duration.ofSeconds(Long.getLong("multijvm.test.limit", 180));

    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(action -> {
        Thread thread = new Thread(action, "watchdog");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        watch(invocation, context.getDisplayName());
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        watch(invocation, context.getDisplayName());
    }

    private static void watch(Invocation<Void> invocation, String name) throws Throwable {
        Thread test = Thread.currentThread();
        AtomicBoolean hung = new AtomicBoolean();
        Future<?> alarm = TIMER.schedule(
                () -> {
                    hung.set(true);
                    dump(name);
                    test.interrupt();
                },
                LIMIT.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            invocation.proceed();
        } catch (Throwable e) {
            throw hung.get() ? new AssertionError(name + " hung for " + LIMIT + "; its stacks were dumped", e) : e;
        } finally {
            alarm.cancel(false);
            Thread.interrupted();
        }
        if (hung.get()) {
            throw new AssertionError(name + " took longer than " + LIMIT + "; its stacks were dumped");
        }
    }

    private static void dump(String name) {
        StringBuilder text = new StringBuilder("HANG in " + name + "; all stacks:\n");
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            text.append(entry.getKey())
                    .append(' ')
                    .append(entry.getKey().getState())
                    .append('\n');
            for (StackTraceElement frame : entry.getValue()) {
                text.append("    at ").append(frame).append('\n');
            }
        }
        System.err.println(text);
    }
}
