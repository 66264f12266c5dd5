// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import io.multijvm.wire.mapped.OutputRange;
import io.multijvm.wire.mapped.RecorderWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tells the output of one item from that of the next: how long the files that take stdout and stderr were when the item began.
 * The task thread's, but for the note that Java code has written something.
 *
 * <p>Asking for two lengths takes a microsecond, which is more than many items take. So they are asked for when Java code has
 * written, whatever the item took; and else, for native code and child processes, when fifty microseconds have gone by since
 * they were last asked for. Native output of shorter items than that may count to the one that comes after them.
 */
public final class OutputMeter {
    /** In place of one, where nothing is captured. */
    static final OutputMeter NONE = new OutputMeter();

    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    /** After a shorter pause nobody is held up for output that hardly anybody can have written meanwhile. */
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** A cut takes a millisecond, on a busy machine some ten; the coordinator may also be stopped in the middle of one. */
    private static final long LONGEST_CUT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final @Nullable RecorderWriter recorder;
    /** Not channels: those are closed under their users when a thread that uses them is interrupted. */
    private final @Nullable RandomAccessFile stdout;

    private final @Nullable RandomAccessFile stderr;
    private final AtomicBoolean written;
    private boolean on;
    private long measuredAt;
    /** Where the output of the item at hand begins. */
    private long stdoutFrom;

    private long stderrFrom;
    /** As it was last asked for. */
    private long stdoutNow;

    private long stderrNow;

    private OutputMeter() {
        this.recorder = null;
        this.stdout = null;
        this.stderr = null;
        this.written = new AtomicBoolean();
    }

    private OutputMeter(
            RecorderWriter recorder, RandomAccessFile stdout, RandomAccessFile stderr, AtomicBoolean written) {
        this.recorder = recorder;
        this.stdout = stdout;
        this.stderr = stderr;
        this.written = written;
        this.on = true;
        this.measuredAt = System.nanoTime() - IDLE_NANOS;
    }

    /**
     * For the files that this process's stdout and stderr go to.
     *
     * @param written is set when Java code has written to either
     * @throws IOException if they cannot be read
     */
    public static OutputMeter of(RecorderWriter recorder, Path stdout, Path stderr, AtomicBoolean written)
            throws IOException {
        return new OutputMeter(
                recorder,
                new RandomAccessFile(stdout.toFile(), "r"),
                new RandomAccessFile(stderr.toFile(), "r"),
                written);
    }

    /** Whether the item that ends now may have written something. Costs next to nothing. */
    boolean isDue(long now) {
        return on && (written.get() || now - measuredAt >= LOOK_NANOS);
    }

    /**
     * Ends the output of the item at hand: that of the next one begins here.
     *
     * @return where it lies; null if there is none
     */
    @Nullable
    OutputRange endItem(long now) {
        if (!measure(now) || (stdoutNow == stdoutFrom && stderrNow == stderrFrom)) {
            return null;
        }
        OutputRange own = new OutputRange(stdoutFrom, stdoutNow, stderrFrom, stderrNow);
        beginItem();
        return own;
    }

    /** What was written while no item ran belongs to none. */
    void skip(long now) {
        if (on && (written.get() || now - measuredAt >= IDLE_NANOS) && measure(now)) {
            beginItem();
        }
    }

    private void beginItem() {
        if (recorder != null && (stdoutNow != stdoutFrom || stderrNow != stderrFrom)) {
            stdoutFrom = stdoutNow;
            stderrFrom = stderrNow;
            recorder.outputBegins(stdoutFrom, stderrFrom);
        }
    }

    /**
     * Asks for the lengths.
     *
     * @return false if they cannot be told now, for the files are being cut; then what is written counts to a later item
     */
    private boolean measure(long now) {
        // before the lengths: what is written after them is noted anew
        written.set(false);
        measuredAt = now;
        try {
            while (!measured()) {
                if (System.nanoTime() - now > LONGEST_CUT_NANOS) {
                    written.set(true);
                    return false;
                }
                LockSupport.parkNanos(this, NAP_NANOS);
            }
            return true;
        } catch (IOException e) { // the files are gone: nobody will ask for what is in them
            on = false;
            return false;
        }
    }

    private boolean measured() throws IOException {
        if (recorder == null || stdout == null || stderr == null) {
            return false;
        }
        long cuts = recorder.outputCuts();
        long out = recorder.stdoutBase() + stdout.length();
        long err = recorder.stderrBase() + stderr.length();
        if ((cuts & 1) != 0 || recorder.outputCuts() != cuts) {
            return false;
        }
        // never backwards, whoever else cuts the files
        stdoutNow = Math.max(stdoutFrom, out);
        stderrNow = Math.max(stderrFrom, err);
        return true;
    }
}
