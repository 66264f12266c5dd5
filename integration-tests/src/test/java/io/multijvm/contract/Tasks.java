// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.task.SerializableFunction;
import io.multijvm.task.TaskContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What the pools of the contract run: static, so that it crosses. */
final class Tasks {
    static final String STARTED = "started";
    static final String RELEASE = "release";
    static final String INTERRUPTED = "interrupted";

    private Tasks() {}

    static int square(int item) {
        return item * item;
    }

    /** Takes the longer, the earlier the item stands among its eight. */
    static int unevenly(int item) {
        LockSupport.parkNanos((8 - item % 8) * 500_000L);
        return item;
    }

    @SuppressWarnings("NullAway") // its nulls are for type arguments, which are not checked
    static String nullToText(@Nullable String item) {
        return item == null ? "null" : null;
    }

    static int failAt(int bad, int item) {
        if (item == bad) {
            throw new IllegalArgumentException("no " + item);
        }
        return item;
    }

    static int failOnPositive(int item) throws IOException {
        if (item > 0) {
            throw new IOException("disk " + item);
        }
        return item;
    }

    static int overflow(int item) {
        return item < 0 ? item : overflow(item + 1 - 1) + 1;
    }

    /** Neither its constructor nor its message can be guessed. */
    static final class Peculiar extends RuntimeException {
        private final int code;

        Peculiar(int code, StringBuilder because) {
            super("code " + code + because);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    static int peculiar(int item) {
        if (item > 0) {
            throw new Peculiar(item, new StringBuilder(" because"));
        }
        return item;
    }

    /** Does not cross. */
    static final class HoldsThread extends RuntimeException {
        private final Thread thread = Thread.currentThread();

        HoldsThread(String message) {
            super(message);
        }

        String threadName() {
            return thread.getName();
        }
    }

    static int throwThread(int item) {
        if (item > 0) {
            throw new HoldsThread("held by " + item);
        }
        return item;
    }

    static Object returnThread(int item) {
        return List.of("harmless", Thread.currentThread());
    }

    static Object returnLambda(int item) {
        SerializableFunction<Integer, Integer> lambda = other -> item + other;
        return lambda;
    }

    static int sizeOf(List<?> item) {
        return item.size();
    }

    static List<Integer> addOne(List<Integer> item) {
        item.add(1);
        return item;
    }

    static List<Long> context(int item) {
        TaskContext context = TaskContext.current();
        return new ArrayList<>(List.of(context.itemIndex(), (long) context.slot(), (long) context.incarnation()));
    }

    /** Marks its start, then runs until it is released or interrupted, and marks the interrupt. */
    static int untilReleased(String directory, int item) throws Exception {
        Marks.set(directory, STARTED + item);
        try {
            Marks.waitFor(directory, RELEASE);
        } catch (InterruptedException e) {
            Marks.set(directory, INTERRUPTED + item);
            throw e;
        }
        return item;
    }

    static int mark(String directory, int item) throws IOException {
        Marks.set(directory, STARTED + item);
        return item;
    }

    /** Item 1 fails as soon as item 0 has started, which runs until it is interrupted. */
    static int oneFailsOneHangs(String directory, int item) throws Exception {
        if (item == 1) {
            Marks.waitFor(directory, STARTED + 0);
            throw new IllegalStateException("one");
        }
        return untilReleased(directory, item);
    }
}
