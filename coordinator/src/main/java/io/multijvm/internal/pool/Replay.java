// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.Logging;
import io.multijvm.Output;
import io.multijvm.codec.Codecs;
import io.multijvm.codec.PackedType;
import io.multijvm.codec.PackedValues;
import io.multijvm.failure.MultijvmException;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.Nestings;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.dispatch.CallState;
import io.multijvm.internal.dispatch.CrewPlan;
import io.multijvm.internal.dispatch.Gate;
import io.multijvm.internal.quarantine.Letter;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.internal.result.Sink;
import io.multijvm.wire.Protocol;
import io.multijvm.worker.job.JobClassLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the item of a dead letter alone, in a worker of its own: the same way as any item goes, with the bytes that crossed
 * then. Nothing of the item, of its task or of its result is decoded in this JVM.
 */
public final class Replay {
    private static final Duration FOR_EVER = Duration.ofDays(365);
    private static final Duration EXIT_TIME = Duration.ofSeconds(10);

    private Replay() {}

    /**
     * How it ended.
     *
     * @param failure why there is no result; null if there is one
     * @param resultBytes of the encoded result
     */
    public record Ending(@Nullable MultijvmException failure, long resultBytes) {}

    /**
     * Starts a worker, runs the item once, ends the worker.
     *
     * @param more flags for the worker's JVM, which come last
     * @param startupTimeout how long the worker may take to say hello; null for ever, as where a debugger holds it
     * @param output what becomes of what it prints
     * @throws IllegalArgumentException if such a worker cannot be started here
     * @throws io.multijvm.failure.PoolBrokenException if no worker became ready
     * @throws InterruptedException if this thread was interrupted; the worker is gone then
     */
    public static Ending run(Letter letter, List<String> more, @Nullable Duration startupTimeout, Output output)
            throws InterruptedException, IOException {
        List<Path> classes = new ArrayList<>(letter.pool().jobPath());
        classes.addAll(letter.launch().classPath());
        try (JobClassLoader loader = new JobClassLoader(classes)) {
            PoolParts.Plan plan = new PoolParts.Plan(
                    crew(startupTimeout),
                    letter.launch().again(more, Nestings.workerEnvironment(Map.of()), output),
                    Codecs.byClassName(letter.pool().codec(), loader),
                    loader,
                    letter.pool().jobPath(),
                    letter.pool().allow(),
                    new PoolParts.Functions(null, letter.pool().initTimeout(), null, EXIT_TIME),
                    letter.pool().seed(),
                    CallSettings.DEFAULTS,
                    List.of(),
                    null,
                    Logging.LOCAL);
            PoolParts parts = PoolParts.assembleFor(plan, letter.pool().init());
            PoolEnd end = new PoolEnd(parts.dispatcher()::stop, parts::release);
            try {
                return ending(outcome(parts, letter), parts);
            } finally {
                end.stopAndWait(true);
            }
        }
    }

    /** One start: what is tried here is one item. */
    private static CrewPlan crew(@Nullable Duration startupTimeout) {
        return new CrewPlan(
                1,
                0,
                CrewPlan.Recycling.NEVER,
                null,
                new CrewPlan.RestartLimit(1, Duration.ofMinutes(1)),
                startupTimeout == null ? FOR_EVER : startupTimeout,
                1,
                false,
                CrewPlan.Memory.UNLIMITED,
                startupTimeout != null);
    }

    private static RawOutcome outcome(PoolParts parts, Letter letter) throws InterruptedException {
        CallSettings settings = CallSettings.DEFAULTS.withCrashLimit(1);
        if (letter.itemTimeout() != null) {
            settings = settings.withItemTimeout(letter.itemTimeout());
        }
        OneOutcome sink = new OneOutcome();
        CallState call = new CallState(
                parts.nextCall(), letter.task(), settings, sink, new Gate(() -> {}), CallState.Kind.LIST, 1);
        parts.dispatcher().submit(call);
        parts.dispatcher().encoded(call, block(letter));
        parts.dispatcher().inputEnded(call, null);
        try {
            return sink.outcome.get();
        } catch (ExecutionException e) {
            // the pool's own words, which no item is to blame for
            throw e.getCause() instanceof RuntimeException why ? why : new IllegalStateException(e.getCause());
        }
    }

    /** The item by itself, under the index that it had: its random numbers are drawn by that. */
    private static ItemBlock block(Letter letter) {
        ItemBlock.Builder block = new ItemBlock.Builder(letter.index(), Protocol.MAX_INLINE_ITEM_BYTES);
        PackedType packed = letter.packed();
        byte[] item = letter.item();
        if (packed == null) {
            block.add(item);
        } else if (!block.pack(new PackedValues(packed, item, 0, item.length).next())) {
            throw new IllegalArgumentException("the letter's item is no " + packed);
        }
        return block.build();
    }

    private static Ending ending(RawOutcome outcome, PoolParts parts) {
        if (outcome.isValue()) {
            long bytes = outcome.length();
            outcome.release();
            return new Ending(null, bytes);
        }
        try {
            Object none = outcome.open(parts.codec());
            throw new AssertionError("a failure was opened, and there was " + none);
        } catch (MultijvmException e) {
            return new Ending(e, 0);
        }
    }

    /** Waits for the one outcome. Nothing depends on its future but the thread that waits. */
    private static final class OneOutcome implements Sink {
        private final CompletableFuture<RawOutcome> outcome = new CompletableFuture<>();

        @Override
        public void offer(ItemBlock block, RawOutcome arrived) {
            outcome.complete(arrived);
        }

        @Override
        public void inputEnded(long items, @Nullable Throwable failure) {}

        @Override
        public void abandoned(Throwable why) {
            outcome.completeExceptionally(why);
        }

        @Override
        public void turnEnded() {}
    }
}
