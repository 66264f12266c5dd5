// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import io.multijvm.failure.FailureKind;
import io.multijvm.internal.chunk.ItemBlock;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All submits of a pool are items of one call; each item's future owns its block. Confined to the event loop. */
public final class SubmitSink implements Sink {
    private final Set<AnswerFuture<?>> waiting = new HashSet<>();

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
    public void attempted(ItemBlock block, WorkerId worker, long elapsedNanos, @Nullable FailureKind why) {
        future(block).attempted(worker, elapsedNanos, why);
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
    public void inputEnded(long items, @Nullable Throwable failure) {}

    @Override
    public void abandoned(Throwable why) {
        over = why;
        waiting.forEach(future -> future.abandon(why));
        waiting.clear();
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
