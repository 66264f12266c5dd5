// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.News;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.internal.result.Sink;
import io.multijvm.wire.mapped.RecorderFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A dispatcher with played workers on virtual time, and what its one call's receiver was told. */
final class Stage implements WorkerStarter, Sink {
    static final long HEAP = 32L << 20;
    static final long LARGER_HEAP = 96L << 20;

    final VirtualLoop loop = new VirtualLoop();
    final List<FakeWorker> workers = new ArrayList<>();
    final List<Long> begun = new ArrayList<>();
    final Map<Long, RawOutcome> outcomes = new TreeMap<>();
    final News news = new News(loop::execute);
    final Dispatcher dispatcher;
    final List<Throwable> abandoned = new ArrayList<>();

    @Nullable
    Throwable inputFailure;

    /** When processes come up. */
    Executor startUp = loop::execute;

    /** When what is not the loop's to do is done. */
    Executor support = loop::execute;

    /** Items that failed for good by a death. */
    final List<DeadLetters.DeadItem> kept = new ArrayList<>();
    /** Where they are said to be kept; null if they cannot be. */
    @Nullable
    Path keptAt;

    boolean startsFail;
    /** Whether nobody waits for any item any more. */
    boolean unwanted;

    /** Whether a worker with more heap cannot be had. */
    boolean largerFails;

    boolean noRoom;
    /** Bytes of memory that the machine could give. */
    long available;

    int starts;
    /** The most processes that there were at a time. */
    int most;

    private final Path directory;

    Stage(int slots, Path directory) {
        this(slots, directory, null, null);
    }

    /** @param init and {@code exit} go to the workers as they are */
    Stage(int slots, Path directory, byte @Nullable [] init, byte @Nullable [] exit) {
        this(CrewPlan.of(slots, Duration.ofSeconds(10)), directory, init, exit, Long.MAX_VALUE);
    }

    Stage(CrewPlan plan, Path directory) {
        this(plan, directory, Long.MAX_VALUE);
    }

    Stage(CrewPlan plan, Path directory, long available) {
        this(plan, directory, null, null, available);
    }

    @SuppressWarnings(
            "NullAway") // javac keeps no type annotations of a compact constructor, so it sees no @Nullable there
    Stage(CrewPlan plan, Path directory, byte @Nullable [] init, byte @Nullable [] exit, long available) {
        this.directory = directory;
        this.available = available;
        PoolSetup setup = new PoolSetup(
                1,
                init,
                Duration.ofSeconds(5),
                exit,
                Duration.ofSeconds(3),
                failure -> new IllegalStateException(new String(failure, StandardCharsets.UTF_8)),
                (home, id) -> id == 7 ? new byte[] {(byte) home} : null,
                item -> {
                    kept.add(item);
                    return Optional.ofNullable(keptAt);
                },
                null);
        dispatcher = new Dispatcher(plan, loop, task -> support.execute(task), this, setup, news);
        dispatcher.start();
    }

    /** A call of so many items, all of them in. */
    CallState call(int items, CallSettings settings) {
        CallState call = new CallState(1, new byte[0], settings, this, new Gate(() -> {}), CallState.Kind.LIST, items);
        dispatcher.submit(call);
        ItemBlock.Builder block = new ItemBlock.Builder(0, 1000);
        for (int i = 0; i < items; i++) {
            block.add(new byte[1]);
        }
        dispatcher.encoded(call, block.build());
        dispatcher.inputEnded(call, null);
        return call;
    }

    /** The outcome of an item that must have one by now. */
    RawOutcome outcome(long index) {
        RawOutcome outcome = outcomes.get(index);
        if (outcome == null) {
            throw new AssertionError("item " + index + " has no outcome");
        }
        return outcome;
    }

    /** Processes that there are now. */
    int alive() {
        return (int) workers.stream().filter(worker -> !worker.dead).count();
    }

    void turn() {
        loop.run(Duration.ZERO);
    }

    FakeWorker worker(int slot) {
        FakeWorker found = null;
        for (FakeWorker worker : workers) {
            found = worker.slot == slot ? worker : found;
        }
        if (found == null) {
            throw new AssertionError("slot " + slot + " was never started");
        }
        return found;
    }

    /** Lets every worker run what it has until nothing is left to do. */
    void runAll() {
        for (int i = 0; i < 1000; i++) {
            loop.run(Duration.ofMillis(500));
            List.copyOf(workers).stream().filter(FakeWorker::hasWork).forEach(worker -> {
                if (worker.running) {
                    worker.commit();
                }
                worker.finish(1);
            });
        }
    }

    @Override
    public void start(int slot, int incarnation, boolean larger, WorkerListener worker, Progress progress) {
        if (++starts > 3000) {
            throw new AssertionError("starts without end");
        }
        if (slot < 0 && noRoom) {
            loop.execute(progress::noRoom);
            return;
        }
        if (startsFail || (larger && largerFails)) {
            loop.execute(() -> progress.failed(new IOException("no java in the script")));
            return;
        }
        try {
            Path file = directory.resolve("r" + slot + "-" + incarnation + "-" + starts);
            RecorderFile.create(file, 4096);
            FakeWorker fake = new FakeWorker(loop, slot, incarnation, worker, progress, file, begun, startUp);
            fake.larger = larger;
            fake.maxHeap = larger ? LARGER_HEAP : HEAP;
            workers.add(fake);
            most = Math.max(most, alive());
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long availableMemory() {
        return available;
    }

    @Override
    public void offer(ItemBlock block, RawOutcome outcome) {
        if (outcomes.put(outcome.index(), outcome) != null) {
            throw new AssertionError("item " + outcome.index() + " was answered twice");
        }
    }

    @Override
    public boolean unwanted(ItemBlock block) {
        return unwanted;
    }

    @Override
    public void inputEnded(long items, @Nullable Throwable failure) {
        inputFailure = failure;
    }

    @Override
    public void abandoned(Throwable why) {
        abandoned.add(why);
    }

    @Override
    public void turnEnded() {}
}
