// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.context;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Finds threads of this JVM that wait for each other in a circle, by monitors or by locks that know their owner, and says
 * it in lines. Loads {@code java.lang.management}, which takes some 50 ms: only for a thread that does not get on anyway.
 */
public final class Deadlocks {
    /** What called the task. */
    private static final String OURS = "io.multijvm.worker.execute.";

    private static final int SHOWN_THREADS = 6;
    private static final int SHOWN_FRAMES = 5;
    /** Below those of a lock's own methods stand those that say something. */
    private static final int READ_FRAMES = 50;

    private Deadlocks() {}

    /**
     * Whether the thread may stand in a deadlock, or wait for threads that do: neither while it runs, nor while it sleeps.
     */
    public static boolean possible(Thread thread) {
        return switch (thread.getState()) {
            case BLOCKED, WAITING -> true;
            case TIMED_WAITING -> !sleeps(thread.getStackTrace());
            case NEW, RUNNABLE, TERMINATED -> false;
        };
    }

    /** In a method of {@code Thread} itself called sleep, whatever this JDK calls the native one below. */
    private static boolean sleeps(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .takeWhile(frame -> frame.getClassName().equals("java.lang.Thread"))
                .anyMatch(frame -> frame.getMethodName().equals("sleep"));
    }

    /**
     * Each deadlocked thread with the lock that it waits for, who holds that, and where it stands; the task's own, if it is one
     * of them, comes first. A line that begins with {@code at} is a frame of the thread above it.
     *
     * @return empty if there is no deadlock
     */
    public static List<String> lines(Thread task) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] ids = threads.findDeadlockedThreads();
        if (ids == null) {
            return List.of();
        }
        List<ThreadInfo> found = Arrays.stream(threads.getThreadInfo(ids, READ_FRAMES))
                .filter(Objects::nonNull)
                .sorted((a, b) -> Boolean.compare(b.getThreadId() == task.getId(), a.getThreadId() == task.getId()))
                .toList();
        List<String> lines = new ArrayList<>();
        for (ThreadInfo thread : found.subList(0, Math.min(found.size(), SHOWN_THREADS))) {
            lines.add(name(thread.getThreadId(), thread.getThreadName(), task) + " waits for " + thread.getLockName()
                    + ", which " + name(thread.getLockOwnerId(), thread.getLockOwnerName(), task) + " holds");
            frames(thread).forEach(frame -> lines.add("at " + plain(frame)));
        }
        if (found.size() > SHOWN_THREADS) {
            lines.add("and " + (found.size() - SHOWN_THREADS) + " further threads");
        }
        return lines;
    }

    /** From where the user's code asks for the lock. */
    private static List<StackTraceElement> frames(ThreadInfo thread) {
        List<StackTraceElement> all = List.of(thread.getStackTrace());
        List<StackTraceElement> below = all.stream()
                .dropWhile(frame -> frame.getClassName().startsWith("java.")
                        || frame.getClassName().startsWith("jdk."))
                .takeWhile(frame -> !frame.getClassName().startsWith(OURS))
                .toList();
        List<StackTraceElement> shown = below.isEmpty() ? all : below;
        return shown.subList(0, Math.min(shown.size(), SHOWN_FRAMES));
    }

    private static String name(long id, String name, Thread task) {
        return id == task.getId() ? "the task's thread" : "thread '" + name + "'";
    }

    /** Without the names of loader and module, which say nothing to the reader. */
    private static StackTraceElement plain(StackTraceElement frame) {
        return new StackTraceElement(
                frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber());
    }
}
