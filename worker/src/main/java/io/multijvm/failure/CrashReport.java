// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What is known of one worker's death, gathered after its process was reaped.
 *
 * @param what the death in words: {@code killed by SIGSEGV}, {@code called System.exit(3)}
 * @param exitCode as the process returned it; empty if it was ended by a signal
 * @param signal number of the signal that ended it, if one did
 * @param index the blamed item's place in the input; empty if the worker ran none
 * @param key the item's name, where the call names its items; else empty
 * @param attempt how often the item had been begun, this time included
 * @param slot the worker's place in the pool, from 0
 * @param incarnation how many processes the slot had had, this one included
 * @param pid the dead process
 * @param nativeFrame the frame that the JVM's fatal-error log calls problematic, or empty
 * @param javaFrames the topmost Java frames of that log, or of the thread that called {@code System.exit}
 * @param lastOutput the last lines that the worker wrote to stdout and stderr; where an item is blamed, of what that item wrote
 * @param files logs; they stay until the pool is closed, so copy what is to be kept
 * @param nextStep what helps most often
 */
public record CrashReport(
        String what,
        OptionalInt exitCode,
        OptionalInt signal,
        OptionalLong index,
        String key,
        int attempt,
        int slot,
        int incarnation,
        long pid,
        String nativeFrame,
        List<String> javaFrames,
        List<String> lastOutput,
        List<Path> files,
        String nextStep) {

    public CrashReport {
        Objects.requireNonNull(what, "what");
        javaFrames = List.copyOf(javaFrames);
        lastOutput = List.copyOf(lastOutput);
        files = List.copyOf(files);
        if (exitCode.isPresent() == signal.isPresent()) {
            throw new IllegalArgumentException("a death has an exit code or a signal: " + exitCode + ", " + signal);
        }
    }

    /** A death of an item without a name. */
    public CrashReport(
            String what,
            OptionalInt exitCode,
            OptionalInt signal,
            OptionalLong index,
            int attempt,
            int slot,
            int incarnation,
            long pid,
            String nativeFrame,
            List<String> javaFrames,
            List<String> lastOutput,
            List<Path> files,
            String nextStep) {
        this(
                what,
                exitCode,
                signal,
                index,
                "",
                attempt,
                slot,
                incarnation,
                pid,
                nativeFrame,
                javaFrames,
                lastOutput,
                files,
                nextStep);
    }

    /** The same death of an item that has this name. */
    public CrashReport named(String itemsKey) {
        return new CrashReport(
                what,
                exitCode,
                signal,
                index,
                itemsKey,
                attempt,
                slot,
                incarnation,
                pid,
                nativeFrame,
                javaFrames,
                lastOutput,
                files,
                nextStep);
    }

    /** The few lines that an exception's message holds: what happened, to which item and worker, and what to do next. */
    public String summary() {
        StringBuilder text = new StringBuilder();
        text.append(index.isPresent() ? "item " + index.getAsLong() : "no item")
                .append(key.isEmpty() ? "" : " (" + key + ")")
                .append(": worker ")
                .append(slot);
        text.append(" (pid ").append(pid).append(") ").append(what);
        if (attempt > 1) {
            text.append(", attempt ").append(attempt);
        }
        if (!nativeFrame.isEmpty()) {
            text.append("\n  in ").append(nativeFrame);
        }
        javaFrames.stream().limit(4).forEach(frame -> text.append("\n  at ").append(frame));
        if (!lastOutput.isEmpty()) {
            text.append(lastOutput.stream().collect(Collectors.joining("\n  | ", "\n  last output:\n  | ", "")));
        }
        files.forEach(file -> text.append("\n  log: ").append(file));
        return text.append("\n  ").append(nextStep).toString();
    }
}
