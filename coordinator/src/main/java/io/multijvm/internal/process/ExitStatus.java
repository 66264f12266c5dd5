// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.worker.WorkerExit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How a process ended. A signal n arrives as 128 + n; {@code System.exit(137)} looks the same, and only what else is known
 * of the death can tell them apart.
 *
 * @param value as the process's parent sees it
 */
public record ExitStatus(int value) {
    static final int SIGABRT = 6;
    static final int SIGKILL = 9;
    static final int SIGTERM = 15;
    static final int SIGXCPU = 24;

    private static final int SIGNAL_BASE = 128;
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(SIGABRT, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(SIGKILL, "SIGKILL"),
            Map.entry(10, "SIGUSR1"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(12, "SIGUSR2"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(SIGTERM, "SIGTERM"),
            Map.entry(SIGXCPU, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"),
            Map.entry(31, "SIGSYS"));

    /** The signal that ended it, if it was a known one. */
    public OptionalInt signal() {
        int signal = value - SIGNAL_BASE;
        return SIGNALS.containsKey(signal) ? OptionalInt.of(signal) : OptionalInt.empty();
    }

    /** Its exit code, if no known signal ended it. */
    public OptionalInt exitCode() {
        return signal().isPresent() ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /** Why a worker ended itself, if this is the code of one of those reasons and no task is likely to use it. */
    Optional<String> ownReason() {
        return Stream.of(WorkerExit.values())
                .filter(exit -> exit.code() == value && exit != WorkerExit.OUT_OF_MEMORY)
                .map(WorkerExit::words)
                .findFirst();
    }

    /** {@code killed by SIGKILL}, {@code exited with code 3}; with the worker's own reason where it had one. */
    public String words() {
        OptionalInt signal = signal();
        if (signal.isPresent()) {
            return "killed by " + SIGNALS.get(signal.getAsInt());
        }
        // Windows tells a crash as a large negative number that is only ever looked up in hexadecimal.
        return "exited with code " + (value < 0 ? "0x" + Integer.toHexString(value) : Integer.toString(value))
                + ownReason().map(reason -> ", for " + reason).orElse("");
    }

    /** The name of a signal; empty for one that is not known. */
    static String nameOf(int signal) {
        return SIGNALS.getOrDefault(signal, "");
    }

    /** The number of a signal that is known by this name. */
    static OptionalInt signalNamed(String name) {
        return SIGNALS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .mapToInt(Map.Entry::getKey)
                .findFirst();
    }
}
