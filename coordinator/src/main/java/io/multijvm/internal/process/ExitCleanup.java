// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Closes what is still open when this JVM ends: one shutdown hook for all, registered at the first use. */
public final class ExitCleanup {
    private static final Set<AutoCloseable> OPEN = ConcurrentHashMap.newKeySet();

    /** Closed before the others, in whose directories they write. */
    private static final Set<AutoCloseable> PROCESSES = ConcurrentHashMap.newKeySet();

    private static boolean registered; // guarded by the class

    private ExitCleanup() {}

    /** For a file or a directory. */
    public static void add(AutoCloseable closeable) {
        OPEN.add(closeable);
        register();
    }

    /** For a process, or several: ended before directories are deleted. */
    public static void addProcess(AutoCloseable process) {
        PROCESSES.add(process);
        register();
    }

    public static void remove(AutoCloseable closeable) {
        OPEN.remove(closeable);
        PROCESSES.remove(closeable);
    }

    private static synchronized void register() {
        if (registered) {
            return;
        }
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(ExitCleanup::closeAll, "multijvm-cleanup"));
        } catch (IllegalStateException e) {
            return; // the JVM is ending already; the owner's close is all there is
        }
        registered = true;
    }

    private static void closeAll() {
        close(PROCESSES);
        close(OPEN);
    }

    private static void close(Set<AutoCloseable> all) {
        for (AutoCloseable closeable : all) {
            try {
                closeable.close();
            } catch (Exception ignored) {
                // the others still deserve their turn, and there is nobody left to tell
            }
        }
    }
}
