// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.internal.result.Printed;
import io.multijvm.wire.Bootstrap;
import io.multijvm.wire.lineage.Mark;
import io.multijvm.wire.lineage.Offspring;
import io.multijvm.wire.mapped.OutputRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One worker process, from its launch to what it left behind. Thread-safe. Deletes nothing: that is the run directory's.
 */
public final class LaunchedWorker {
    /** The thread that waits needs next to no stack. */
    private static final long WATCH_STACK_BYTES = 64 << 10;

    private final Process process;
    private final Mark mark;
    private final Path directory;
    private final OutputFiles output;
    private final PrintedTexts texts;
    private final List<String> command;
    private final String trial;
    private final WorkerMemory memory;
    private final @Nullable HeapDump heapDump;
    private final FileTime started = FileTime.from(Instant.now());
    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private volatile boolean killed;
    private volatile boolean terminated;
    private volatile boolean dismissed;
    /** Claimed once, though a death may be explained more than once. Guarded by this. */
    private OomKills.@Nullable Found oomKill;
    /** Of captured output, when it was last asked for. */
    private volatile long lastLength;
    /** What the item wrote that it died of; null if it died of none, or lives. */
    private volatile @Nullable OutputRange lastItem;

    /** @param mark what its environment holds */
    LaunchedWorker(
            Process process,
            Mark mark,
            Path directory,
            OutputFiles output,
            List<String> command,
            String trial,
            WorkerMemory memory,
            @Nullable HeapDump heapDump) {
        this.process = process;
        this.mark = mark;
        this.directory = directory;
        this.output = output;
        this.texts = new PrintedTexts(output);
        this.command = List.copyOf(command);
        this.trial = trial;
        this.memory = memory;
        this.heapDump = heapDump;
        watch();
    }

    /** Its process id; the shell before it had the same. */
    public long pid() {
        return process.pid();
    }

    /**
     * How it ended, once it is reaped. Completed by a thread of its own, whose dependents must be short: hop to where the
     * work belongs.
     */
    public CompletableFuture<ExitStatus> onExit() {
        return exit.copy();
    }

    /** Whether {@link #kill()} was called before it ended. */
    public boolean killedByUs() {
        return killed;
    }

    /** Whether {@link #terminate()} was called before it ended. */
    public boolean terminatedByUs() {
        return terminated;
    }

    /** Whether {@link #endLifeLine()} was called before it ended. */
    boolean dismissed() {
        return dismissed;
    }

    /** Closes its stdin: it halts at once, since its coordinator is gone for all it knows. */
    public void endLifeLine() {
        dismissed |= process.isAlive();
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            return; // the pipe is broken, so the process has ended already
        }
    }

    /** Asks it to end with SIGTERM; its shutdown hooks run. */
    public void terminate() {
        terminated |= process.isAlive();
        // Not Process.destroy, which closes stdin too: that is the life-line, and the worker would halt without its
        // hooks.
        process.toHandle().destroy();
    }

    /**
     * Ends it and all processes that descend from it with SIGKILL. They are looked up first, for afterwards nothing tells
     * whose children they were; that takes some milliseconds, so not on the event loop.
     */
    public void kill() {
        List<ProcessHandle> descendants = process.descendants().toList();
        killed |= process.isAlive();
        process.destroyForcibly();
        for (ProcessHandle descendant : descendants) {
            // It may have had children since; it cannot have more once it is gone itself.
            List<ProcessHandle> late = descendant.descendants().toList();
            descendant.destroyForcibly();
            late.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /**
     * As {@link #kill}, of a process that says nothing: before that it writes down where it stands, for which it has half a
     * second. Blocks so long.
     */
    public void killWithStacks() {
        try {
            StackDump.ask(process, output.stdout());
        } catch (InterruptedException e) { // whoever is in a hurry has it killed now
            Thread.currentThread().interrupt();
        }
        kill();
    }

    /** Where its main thread stood, if it was {@link #killWithStacks} that ended it, innermost frame first; else nothing. */
    public List<String> mainStack() {
        return output.equals(OutputFiles.NONE) ? List.of() : StackDump.ofMain(output.stdout());
    }

    /**
     * Ends what its tasks have started, once it is reaped; waits two seconds at most. Done by itself for a worker whose exit code
     * is not 0; one that ends in good order leaves to its tasks what they wanted to leave.
     */
    public void endOffspring() {
        Offspring.endOf(mark);
    }

    /**
     * The last lines of its stdout and stderr, in this order; none unless captured. Of what the item wrote that it died of,
     * where {@link #printedLast} told of one.
     */
    public List<String> lastOutput(int lines) {
        OutputRange last = lastItem;
        return last == null ? output.last(lines) : output.last(lines, last);
    }

    /** What one of its items wrote; reads nothing yet. */
    public Printed printed(OutputRange range, boolean failed) {
        return texts.of(range, failed ? OutputFiles.Bounds.FAILED : OutputFiles.Bounds.SUCCEEDED);
    }

    /** What the item wrote that it died of, to the end; from then on its last output is that item's. Reads nothing yet. */
    public Printed printedLast(OutputRange range) {
        lastItem = range.toTheEnd();
        return texts.of(range.toTheEnd(), OutputFiles.Bounds.FAILED);
    }

    /** How captured output grows. */
    public enum Growth {
        /** Slowly, if at all. */
        SLOW,
        /** So fast that it may soon be too much. */
        FAST,
        /** It has outgrown its cap. */
        ABOVE_CAP
    }

    /** How captured output has grown since this was last asked. For one timer; costs two file sizes. */
    public Growth outputGrowth() {
        texts.prune();
        long length = output.length();
        long before = lastLength;
        lastLength = length;
        if (output.isAbove(OutputFiles.CAP_BYTES)) {
            return Growth.ABOVE_CAP;
        }
        return length - before > OutputFiles.CAP_BYTES / 16 ? Growth.FAST : Growth.SLOW;
    }

    /** Cuts the head off captured output that has outgrown its cap, after what is still wanted of it was read. */
    public void boundOutput() {
        texts.readAll();
        output.bound(OutputFiles.CAP_BYTES);
    }

    /** Whether the kernel counted a kill for lack of memory that no other death has been explained with. */
    synchronized OomKills.Found oomKill(OomKills kills) {
        if (oomKill == null) {
            oomKill = kills.claim();
        }
        return oomKill;
    }

    /** Bytes that were cut off stdout so far. */
    public long stdoutBase() {
        return output.stdoutBase();
    }

    /** Bytes that were cut off stderr so far. */
    public long stderrBase() {
        return output.stderrBase();
    }

    /** Its files are about to be deleted: what is still wanted of its output is read. */
    public void keepWantedOutput() {
        texts.readAll();
    }

    /** What its JVM wrote about its own crash. */
    public Optional<FatalErrorLog> fatalErrorLog() {
        return FatalErrorLog.read(directory.resolve(RunDirectory.FATAL_ERROR_LOG));
    }

    /** For one that got no more memory from the system: what its pool has to do with that; empty if nothing. */
    String hardStopAdvice() {
        return HardStop.advice(memory.limitBytes());
    }

    /** What its JVM wrote of its heap when that was full, if its pool wants that and had none yet. It stays for ever. */
    public Optional<Path> heapDump() {
        return heapDump == null ? Optional.empty() : heapDump.leftBy(output, started);
    }

    /** As it was started; the flags are in the file that the line names. */
    public String commandLine() {
        return ShellWords.joined(command);
    }

    /** The files that it may have written: output, fatal-error log, flags. Those that exist, until the pool is closed. */
    public List<Path> files() {
        return List.of("stdout.log", "stderr.log", RunDirectory.FATAL_ERROR_LOG, "java.args").stream()
                .map(directory::resolve)
                .filter(Files::exists)
                .toList();
    }

    /** What shows by hand whether the JVM takes its flags. */
    String trial() {
        return trial;
    }

    OutputFiles output() {
        return output;
    }

    /** Writes the first lines of its stdin. If it is gone already, its exit says why. */
    void tell(Bootstrap bootstrap) {
        try {
            bootstrap.write(process.getOutputStream());
        } catch (IOException e) {
            return;
        }
    }

    /**
     * Waits in a thread of its own, not in {@link Process#onExit}: that is completed by the common pool, which the user's
     * code may have filled with threads that wait for this very pool.
     */
    private void watch() {
        Runnable wait = () -> {
            while (!exit.isDone()) {
                try {
                    ExitStatus status = new ExitStatus(process.waitFor());
                    if (status.value() != 0) {
                        // before anybody is told: an item that is begun again must not meet what its first attempt left
                        endOffspring();
                    }
                    exit.complete(status);
                } catch (InterruptedException ignored) {
                    // nobody has a reason to: the thread is ours, and the wait must end with the process
                }
            }
        };
        Thread watcher = new Thread(null, wait, "multijvm-exit-" + process.pid(), WATCH_STACK_BYTES);
        watcher.setDaemon(true);
        watcher.start();
    }
}
