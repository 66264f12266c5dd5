// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/**
 * The kernel's own limit on what a worker may map for itself alone (RLIMIT_DATA), for what grows faster than anybody looks.
 * It counts what is reserved to be written, not what is resident: stacks of threads that do nothing, the part of the heap
 * that was taken and is free. So it lies well above the limit for which it stands in, and a heap never meets it.
 * Set by the shell that becomes the JVM, so no further program is needed.
 */
final class HardStop {
    private static final Logger LOG = System.getLogger(HardStop.class.getName());

    /** Room for the stacks of hundreds of threads. */
    private static final long LEAST_HEADROOM_BYTES = 512L << 20;

    private static final long PROBE_SECONDS = 5;

    private HardStop() {}

    /** Where it lies for such a limit on resident memory. */
    static long bytesFor(long limitBytes) {
        return limitBytes + Math.max(limitBytes / 2, LEAST_HEADROOM_BYTES);
    }

    /** For the report of one that got no more memory: it may have met this; empty where there is no limit. */
    static String advice(long limitBytes) {
        return limitBytes == 0
                ? ""
                : " With the memory limit of " + new MemorySize(limitBytes) + " a worker gets no more than "
                        + new MemorySize(bytesFor(limitBytes))
                        + " from the system: raise the limit if the task needs more.";
    }

    /**
     * What the shell is to do first; empty where it cannot, which a debug line of the log says. Starts a process, so it is to
     * be asked once.
     */
    static String script(long limitBytes) {
        if (limitBytes == 0) {
            return "";
        }
        String command = "ulimit -d " + (bytesFor(limitBytes) >> 10);
        String looked =
                "memory limit of " + new MemorySize(limitBytes) + " for each worker: looked at while it runs items";
        if (!works(command)) {
            LOG.log(Level.DEBUG, looked + "; no hard stop, for there is no /bin/sh that can do: " + command);
            return "";
        }
        LOG.log(Level.DEBUG, looked + ", and a hard stop by: " + command);
        return command + "; ";
    }

    private static boolean works(String command) {
        if (!WorkerLauncher.hasShell()) {
            return false;
        }
        try {
            Process probe = new ProcessBuilder(WorkerLauncher.SHELL.toString(), "-c", command)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            if (!probe.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
                probe.destroyForcibly();
                return false;
            }
            return probe.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
