// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What is known of one worker's death, gathered after its process was reaped.
 *
 * @param kind how it died, to {@code switch} on
 * @param at when its end was noticed
 * @param what the death in words, behind the worker's name: {@code killed by SIGSEGV}, {@code called System.exit(3)}
 * @param exitCode as the process returned it; empty if it was ended by a signal
 * @param signal number of the signal that ended it, if one did
 * @param item that ran
 * @param worker that died
 * @param memory that it had
 * @param nativeFrame the frame that the JVM's fatal-error log calls problematic, or empty
 * @param javaFrames the topmost Java frames of that log, or of the thread that called {@code System.exit}
 * @param lastOutput the last lines that the worker wrote to stdout and stderr; where an item is blamed, of what that item wrote
 * @param files logs; they stay until the pool or process is closed, so copy what is to be kept
 * @param verdict how this death is like the item's earlier ones, and what became of the item for that; empty if there is
 *     nothing to say
 * @param nextStep what helps most often
 */
public record CrashReport(
        DeathKind kind,
        Instant at,
        String what,
        OptionalInt exitCode,
        OptionalInt signal,
        Item item,
        Worker worker,
        Memory memory,
        String nativeFrame,
        List<String> javaFrames,
        List<String> lastOutput,
        List<Path> files,
        String verdict,
        String nextStep) {

    /**
     * The item that ran when the worker died, and is blamed for it.
     *
     * @param index its place in the input; empty if the worker ran none
     * @param key its name, where the call names its items; of a {@code WorkerProcess} that one's; else empty
     * @param attempt how often it had been begun, this time included
     * @param ran how long it had run; of an item of microseconds perhaps since one of those before it began. Empty if unknown
     */
    public record Item(OptionalLong index, String key, int attempt, Optional<Duration> ran) {
        /** No item ran. */
        public static final Item NONE = new Item(OptionalLong.empty(), "", 1, Optional.empty());

        public Item {
            if (attempt < 1) {
                throw new IllegalArgumentException("attempt must be 1 or more, not " + attempt);
            }
        }

        /** No item ran: the process of that name had one task and no items. */
        public static Item ofProcess(String name) {
            return new Item(OptionalLong.empty(), name, 1, Optional.empty());
        }

        /** An item without a name. */
        public static Item of(long index, int attempt, Optional<Duration> ran) {
            return new Item(OptionalLong.of(index), "", attempt, ran);
        }
    }

    /**
     * The worker that died.
     *
     * @param slot its place in the pool, from 0; -1 for a standby, {@link #NO_PLACE} for a {@code WorkerProcess}
     * @param incarnation how many processes that place had had, this one included
     * @param pid the dead process
     * @param done how many items it had ended before
     */
    public record Worker(int slot, int incarnation, long pid, long done) {
        /** In place of a slot: the process was of no pool. */
        public static final int NO_PLACE = -2;

        /** A process that was of no pool. */
        public static Worker ofProcess(long pid) {
            return new Worker(NO_PLACE, 1, pid, 0);
        }
    }

    /**
     * Bytes, each as it was last seen; 0 where that is not known. Resident memory is looked at once a second, so what is taken
     * and ends in a death within one is not in it.
     *
     * @param heapUsed of the Java heap, with what is garbage
     * @param heapMax what the heap could grow to
     * @param resident what of the process lay in memory
     * @param residentPeak the most that ever did
     */
    public record Memory(long heapUsed, long heapMax, long resident, long residentPeak) {
        public static final Memory UNKNOWN = new Memory(0, 0, 0, 0);

        public Memory {
            if (heapUsed < 0 || heapMax < 0 || resident < 0 || residentPeak < 0) {
                throw new IllegalArgumentException("memory is 0 or more bytes, not heapUsed " + heapUsed + ", heapMax "
                        + heapMax + ", resident " + resident + ", residentPeak " + residentPeak);
            }
        }
    }

    public CrashReport {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(item, "item");
        Objects.requireNonNull(worker, "worker");
        Objects.requireNonNull(memory, "memory");
        javaFrames = List.copyOf(javaFrames);
        lastOutput = List.copyOf(lastOutput);
        files = List.copyOf(files);
        if (exitCode.isPresent() == signal.isPresent()) {
            throw new IllegalArgumentException("a death has an exit code or a signal: " + exitCode + ", " + signal);
        }
    }

    /** The blamed item's place in the input; empty if the worker ran none. */
    public OptionalLong index() {
        return item.index;
    }

    /** The item's name, where the call names its items; else empty. */
    public String key() {
        return item.key;
    }

    /** How often the item had been begun, this time included. */
    public int attempt() {
        return item.attempt;
    }

    /** The worker's place in the pool, from 0; -1 for a standby, -2 for a process that was of no pool. */
    public int slot() {
        return worker.slot;
    }

    /** How many processes the slot had had, this one included. */
    public int incarnation() {
        return worker.incarnation;
    }

    /** The dead process. */
    public long pid() {
        return worker.pid;
    }

    /** The same death of an item that has this name. */
    public CrashReport named(String itemsKey) {
        return with(what, new Item(item.index, itemsKey, item.attempt, item.ran), verdict, nextStep);
    }

    /** The same death with this verdict. */
    public CrashReport judged(String newVerdict) {
        return with(what, item, newVerdict, nextStep);
    }

    /** The same death in these words; for implementations of pools, which know more than its process showed. */
    public CrashReport inWords(String newWhat) {
        return with(newWhat, item, verdict, nextStep);
    }

    /** The same death with this advice; for implementations of pools, which know what else could be tried. */
    public CrashReport advised(String newNextStep) {
        return with(what, item, verdict, newNextStep);
    }

    private CrashReport with(String newWhat, Item newItem, String newVerdict, String newNextStep) {
        return new CrashReport(
                kind,
                at,
                newWhat,
                exitCode,
                signal,
                newItem,
                worker,
                memory,
                nativeFrame,
                javaFrames,
                lastOutput,
                files,
                newVerdict,
                newNextStep);
    }

    /** The few lines that an exception's message holds: what happened, to which item and worker, and what to do next. */
    public String summary() {
        StringBuilder text = new StringBuilder();
        if (slot() == Worker.NO_PLACE) {
            text.append("process ").append(key());
        } else {
            text.append(index().isPresent() ? "item " + index().getAsLong() : "no item")
                    .append(key().isEmpty() ? "" : " (" + key() + ")")
                    .append(": worker ")
                    .append(slot());
        }
        text.append(" (pid ").append(pid()).append(") ").append(what);
        if (attempt() > 1) {
            text.append(", attempt ").append(attempt());
        }
        if (!nativeFrame.isEmpty()) {
            text.append("\n  in ").append(nativeFrame);
        }
        javaFrames.stream().limit(4).forEach(frame -> text.append("\n  at ").append(frame));
        if (!lastOutput.isEmpty()) {
            text.append(lastOutput.stream().collect(Collectors.joining("\n  | ", "\n  last output:\n  | ", "")));
        }
        files.forEach(file -> text.append("\n  log: ").append(file));
        if (!verdict.isEmpty()) {
            text.append("\n  verdict: ").append(verdict);
        }
        return text.append("\n  ").append(nextStep).toString();
    }
}
