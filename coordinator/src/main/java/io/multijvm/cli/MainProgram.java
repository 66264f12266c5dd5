// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A main class of the job's jar that makes its own pools. It runs in this JVM as if {@code java} had started it: in a thread
 * called main, until that and all threads that are no daemons have ended. Pools that it makes load its classes as it was
 * loaded itself.
 */
record MainProgram(String className, List<String> arguments) {
    /** As {@code java} has it for a main method that throws. */
    private static final int THREW = 1;

    MainProgram {
        arguments = List.copyOf(arguments);
    }

    /** Runs it and returns its exit code, unless it ends the JVM with one itself. */
    int run(JobJar jar) throws InterruptedException {
        Method main = mainMethod(jar);
        ThreadGroup group = new ThreadGroup("main");
        AtomicBoolean threw = new AtomicBoolean();
        Thread thread = new Thread(group, () -> threw.set(!returns(main)), "main");
        thread.setContextClassLoader(jar.loader());
        thread.setDaemon(false);
        thread.start();
        for (Optional<Thread> next = Optional.of(thread); next.isPresent(); next = anyAtWork(group)) {
            next.get().join();
        }
        return threw.get() ? THREW : ExitCode.OK.code();
    }

    private Method mainMethod(JobJar jar) {
        Class<?> type = jar.load("--main", className);
        Method main;
        try {
            main = type.getMethod("main", String[].class);
        } catch (NoSuchMethodException e) {
            throw new UsageException("--main: class " + className + " has no public static void main(String[] args)");
        } catch (LinkageError e) {
            throw new UsageException(jar.incomplete("--main", className, e));
        }
        if (!Modifier.isStatic(main.getModifiers()) || main.getReturnType() != void.class) {
            throw new UsageException("--main: main(String[]) of class " + className
                    + " is not static and void; write public static void main(String[] args)");
        }
        main.setAccessible(true); // its class need not be public
        return main;
    }

    /** Whether it returned. What it throws is told as {@code java} does it: the failure is its own, and so is the trace. */
    @SuppressWarnings("SystemOut")
    private boolean returns(Method main) {
        try {
            main.invoke(null, (Object) arguments.toArray(String[]::new));
            return true;
        } catch (InvocationTargetException e) {
            System.err.print("Exception in thread \"main\" ");
            Objects.requireNonNull(e.getCause()).printStackTrace();
            return false;
        } catch (IllegalAccessException e) {
            throw new AssertionError("made accessible", e);
        }
    }

    /** A thread of the program's that {@code java} would wait for. */
    private static Optional<Thread> anyAtWork(ThreadGroup group) {
        Thread[] all = new Thread[group.activeCount() + 16];
        int count = group.enumerate(all, true);
        return Arrays.stream(all, 0, count)
                .filter(each -> !each.isDaemon() && each.isAlive())
                .findFirst();
    }
}
