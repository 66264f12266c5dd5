// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import io.multijvm.failure.FailureKind;
import io.multijvm.internal.chunk.ItemBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** All submits of a pool are items of one call; each item's future owns its block. Confined to the event loop. */
public final class SubmitSink implements Sink {
    private final Set<AnswerFuture<?>> waiting = new HashSet<>();

    /** Those that were waiting when the pool was stopped. */
    private final Set<AnswerFuture<?>> cutOff = new HashSet<>();

    /** Encoded tasks that were never begun when the pool was stopped. The loop adds, {@link #takeUnbegun} takes. */
    private final Queue<byte[]> unbegun = new ConcurrentLinkedQueue<>();

    private @Nullable Throwable over;

    @Override
    public void accepted(ItemBlock block) {
        if (over != null) {
            future(block).abandon(over);
        } else {
            waiting.add(future(block));
        }
    }

    @Override
    public void offer(ItemBlock block, RawOutcome outcome) {
        AnswerFuture<?> future = future(block);
        waiting.remove(future);
        future.deliver(outcome);
    }

    @Override
    public void attempted(
            ItemBlock block, WorkerId worker, long elapsedNanos, @Nullable FailureKind why, Printed printed) {
        future(block).attempted(worker, elapsedNanos, why, printed);
    }

    @Override
    public boolean unwanted(ItemBlock block) {
        return future(block).isDone();
    }

    @Override
    public void dropped(ItemBlock block) {
        waiting.remove(future(block));
    }

    @Override
    public void unbegun(ItemBlock block) {
        AnswerFuture<?> future = future(block);
        // before abandoned() it still waits, unless its future was ended by somebody else
        if (cutOff.remove(future) || (over == null && waiting.contains(future) && !future.isDone())) {
            byte[] large = block.large(0);
            unbegun.add(large != null ? large : Arrays.copyOfRange(block.smallBytes(), block.begin(0), block.end(0)));
        }
    }

    /** The encoded tasks that were not begun by the end of the pool, each once. From any thread. */
    public List<byte[]> takeUnbegun() {
        List<byte[]> taken = new ArrayList<>();
        for (byte[] task = unbegun.poll(); task != null; task = unbegun.poll()) {
            taken.add(task);
        }
        return taken;
    }

    @Override
    public void inputEnded(long items, @Nullable Throwable failure) {}

    @Override
    public void abandoned(Throwable why) {
        over = why;
        waiting.stream().filter(future -> !future.isDone()).forEach(cutOff::add);
        waiting.forEach(future -> future.abandon(why));
        waiting.clear();
    }

    @Override
    public void poke() {
        waiting.forEach(AnswerFuture::poke);
    }

    @Override
    public void turnEnded() {}

    private static AnswerFuture<?> future(ItemBlock block) {
        if (block.owner() instanceof AnswerFuture<?> future) {
            return future;
        }
        throw new AssertionError("a submitted item without its future: " + block.firstIndex());
    }
}
