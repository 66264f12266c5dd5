// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.failure.FailureKind;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.result.Printed;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.internal.result.Sink;
import io.multijvm.internal.result.WorkerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends a nested call's outcomes to the worker that asked, as they came. Owned by the event loop. */
final class NestedSink implements Sink {
    private final WorkerPort port;
    private final long call;
    private final Set<Object> unwanted = new HashSet<>();
    private List<RawOutcome> arrived = new ArrayList<>();
    private List<NestedPort.Tried> tried = new ArrayList<>();

    /** @param call its number in the worker */
    NestedSink(WorkerPort port, long call) {
        this.port = port;
        this.call = call;
    }

    /** Nobody waits any more for the one item of the block with this owner. */
    void unwanted(Object owner) {
        unwanted.add(owner);
    }

    @Override
    public void offer(ItemBlock block, RawOutcome outcome) {
        arrived.add(outcome);
    }

    @Override
    public void attempted(
            ItemBlock block, WorkerId worker, long elapsedNanos, @Nullable FailureKind why, Printed printed) {
        // what it wrote is not passed on: its text would have to be read here
        if (block.owner() != null) {
            tried.add(new NestedPort.Tried(block.firstIndex(), worker, elapsedNanos, why));
        }
    }

    @Override
    public boolean unwanted(ItemBlock block) {
        Object owner = block.owner();
        return owner != null && unwanted.contains(owner);
    }

    @Override
    public void dropped(ItemBlock block) {
        Object owner = block.owner();
        if (owner != null) {
            unwanted.remove(owner);
            arrived.add(RawOutcome.dropped(block.firstIndex()));
        }
    }

    /** The worker's own side knows: it read the input. */
    @Override
    public void inputEnded(long items, @Nullable Throwable failure) {}

    @Override
    public void abandoned(Throwable why) {
        arrived.forEach(RawOutcome::release);
        arrived.clear();
        tried.clear();
        port.nestedAbandoned(call, why);
        port.flush();
    }

    @Override
    public void turnEnded() {
        if (!tried.isEmpty()) {
            port.nestedAttempts(call, tried);
            tried = new ArrayList<>();
        }
        if (!arrived.isEmpty()) {
            port.nestedOutcomes(call, arrived);
            port.flush();
            arrived = new ArrayList<>();
        }
    }
}
