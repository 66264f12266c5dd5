// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.nested;

import io.multijvm.failure.FailureKind;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.failure.TaskTimeoutException;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.dispatch.CallState;
import io.multijvm.internal.result.RawOutcome;
import io.multijvm.internal.result.Sink;
import io.multijvm.internal.result.WorkerId;
import io.multijvm.wire.v1.FromNested;
import io.multijvm.wire.v1.NestedAttempt;
import io.multijvm.wire.v1.NestedGrant;
import io.multijvm.wire.v1.NestedOutcome;
import io.multijvm.wire.v1.ToNested;
import io.multijvm.worker.nested.Frame;
import io.multijvm.worker.nested.NestedHost;
import io.multijvm.worker.nested.NestedLine;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * One call of a task to its own pool, in the worker that runs the task. What came in and what became of it is owned by the
 * line's thread; other threads leave it word there.
 */
final class OpenCall implements GrantedItems.Listener {
    private static final ItemBlock NO_BLOCK = new ItemBlock.Builder(0, 0).build();

    /** The coordinator opens the gate further as it knows more; so far it is open without asking. */
    private static final int FIRST_ITEMS = 8;

    private final NestedHost host;
    private final NestedLine line;
    private final Frame frame;
    private final CallState call;
    private final CallState.Asked asked;
    private final Sink sink;
    private final long number;
    private final WorkerDesk desk;
    private final GrantedItems granted;

    // the line's thread
    private final HeldItems held = new HeldItems();

    private long givenIn;
    private long done;
    /** Of those that are done. */
    private long failed;

    private long dropped;
    private boolean inputEnded;
    /** Its time was over before it was. */
    private boolean expired;

    /** Written by the line's thread, read by any. */
    private volatile boolean over;

    /** @param number what the call is told by on the line */
    OpenCall(Frame frame, CallState call, long number, WorkerDesk desk) {
        this.frame = frame;
        this.host = frame.host();
        this.line = host.line();
        this.call = call;
        this.asked = call.asked();
        this.sink = asked.sink();
        this.number = number;
        this.desk = desk;
        this.granted = new GrantedItems(frame, asked, number, desk, this);
    }

    void begin() {
        host.listen(number, this::hear);
        line.send(NestedWords.begin(number, asked, frame).toByteArray());
        asked.gate().open(FIRST_ITEMS, FIRST_ITEMS);
        Duration deadline = asked.settings().deadline();
        if (deadline != null) {
            line.later(() -> expire(deadline), deadline);
        }
    }

    // ---- from any thread; each sends on the line's thread, so that all words keep their order

    void items(ItemBlock block) {
        byte[] message = NestedWords.items(number, block).toByteArray();
        line.execute(() -> {
            if (over) {
                sink.accepted(block);
                if (expired) {
                    late(block.firstIndex(), block, "it had not begun");
                    sink.turnEnded();
                }
                return;
            }
            held.add(block);
            givenIn += block.count();
            sink.accepted(block);
            line.send(message);
            desk.watch();
        });
    }

    void notEncoded(long index, PayloadException why) {
        line.execute(() -> {
            givenIn++;
            done++;
            failed++;
            if (!over) {
                tellProgress();
                sink.offer(NO_BLOCK, RawOutcome.error(index, 0, why));
                sink.turnEnded();
                line.send(NestedWords.notEncoded(number, index).toByteArray());
            }
        });
    }

    void inputEnded(@Nullable Throwable failure) {
        line.execute(() -> {
            inputEnded = true;
            if (!over) {
                sink.inputEnded(givenIn, failure);
                tellProgress();
                sink.turnEnded();
                line.send(NestedWords.inputEnded(number).toByteArray());
                endIfDone();
            }
        });
    }

    void taken(int items, long bytes) {
        send(NestedWords.taken(number, items, bytes));
    }

    void cancel(boolean byForce) {
        line.execute(() -> {
            if (!over) {
                line.send(NestedWords.cancel(number, byForce).toByteArray());
                abandon(new CancellationException("cancelled"));
            }
        });
    }

    /** What runs may come to its end. */
    void letRun() {
        line.execute(() -> {
            if (!over) {
                line.send(NestedWords.letRun(number).toByteArray());
                abandon(new CancellationException("cancelled"), true);
            }
        });
    }

    /** The one item that this future waits for. */
    void cancel(Object future) {
        unwanted(future, false);
    }

    /** As {@link #cancel(Object)}, but if it runs it may come to its end. */
    void letRun(Object future) {
        unwanted(future, true);
    }

    private void unwanted(Object future, boolean letRun) {
        line.execute(() -> {
            ItemBlock item = held.ownedBy(future);
            if (item != null) {
                if (!letRun) {
                    granted.stop(item.firstIndex());
                }
                line.send(NestedWords.cancelItem(number, item.firstIndex(), letRun)
                        .toByteArray());
            }
        });
    }

    private void send(FromNested word) {
        byte[] message = word.toByteArray();
        line.execute(() -> line.send(message));
    }

    /** The items of it that are run here. */
    GrantedItems granted() {
        return granted;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    boolean unfinished() {
        return !over && done < givenIn;
    }

    // ---- the line's thread

    @Override
    public void ran(GrantedItems.Granted item, RawOutcome outcome, long nanos, @Nullable FailureKind why) {
        if (!over) {
            line.send(NestedWords.ran(number, outcome, nanos, why).toByteArray());
            if (asked.kind() == CallState.Kind.SUBMITS && !outcome.isDropped()) {
                WorkerId here = new WorkerId(
                        host.slot(), host.incarnation(), ProcessHandle.current().pid());
                for (int late = item.attempt(); late < outcome.attempts(); late++) {
                    sink.attempted(item.block(), here, -1, FailureKind.TIMEOUT);
                }
                sink.attempted(item.block(), here, nanos, null);
            }
            became(outcome);
            sink.turnEnded();
            endIfDone();
        }
    }

    private void hear(ToNested said) {
        if (over) {
            return;
        }
        switch (said.getKindCase()) {
            case GATE -> {
                if (said.getGate().getAsk()) {
                    asked.gate().askForHeldBack();
                } else {
                    asked.gate().open(said.getGate().getOpenTo(), said.getGate().getBlockItems());
                }
            }
            case OUTCOMES -> {
                for (NestedOutcome outcome : said.getOutcomes().getOutcomeList()) {
                    became(NestedWords.outcome(outcome));
                }
                sink.turnEnded();
                endIfDone();
            }
            case ABANDONED -> {
                String why = said.getAbandoned().getWhy();
                abandon(
                        said.getAbandoned().getBroken()
                                ? new PoolBrokenException(why, null)
                                : new CancellationException(why));
            }
            case ATTEMPTS -> said.getAttempts().getAttemptList().forEach(this::attempted);
            case GRANT -> granted(said.getGrant());
            case RECLAIM -> granted.giveBack();
            case KIND_NOT_SET -> throw new IllegalStateException("a message that says nothing");
        }
    }

    private void attempted(NestedAttempt told) {
        ItemBlock block = held.find(told.getIndex());
        if (block != null) {
            sink.attempted(
                    block,
                    new WorkerId(told.getSlot(), told.getIncarnation(), told.getPid()),
                    told.getNanos(),
                    told.getWhy().isEmpty() ? null : FailureKind.valueOf(told.getWhy()));
        }
    }

    private void became(RawOutcome outcome) {
        ItemBlock block = held.answer(outcome.index());
        if (block == null) {
            return;
        }
        done++;
        if (outcome.isDropped()) {
            dropped++;
            sink.dropped(block);
        } else {
            failed += outcome.isFailure() ? 1 : 0;
            sink.offer(block, outcome);
        }
        tellProgress();
    }

    private void granted(NestedGrant grant) {
        for (long index = grant.getFirstIndex(); index < grant.getEndIndex(); index++) {
            ItemBlock block = held.find(index);
            if (block != null) {
                granted.add(new GrantedItems.Granted(block, index, grant.getAttempts(), grant.getCallId()));
            }
        }
        granted.added();
    }

    private void endIfDone() {
        if (inputEnded && done == givenIn && !over) {
            over = true;
            forget();
        }
    }

    private void tellProgress() {
        long known = inputEnded ? givenIn : asked.expected();
        call.cameTo(done - dropped, failed, known < 0 ? known : Math.max(known, givenIn));
    }

    /** The call's time is over: what has no outcome has failed, and nothing more comes of it. */
    private void expire(Duration deadline) {
        if (over) {
            return;
        }
        line.send(NestedWords.cancel(number, true).toByteArray());
        over = true;
        expired = true;
        granted.clear();
        held.forEach((block, index) -> late(
                index,
                block,
                granted.runs(index)
                        ? "it was running in " + host.where()
                        : "it waited for a worker, or another one ran it"));
        granted.stopAll();
        asked.gate().close();
        if (!inputEnded) {
            inputEnded = true;
            sink.inputEnded(
                    givenIn, TaskTimeoutException.ofCall(givenIn, deadline, "the input had not been read so far"));
        }
        tellProgress();
        sink.turnEnded();
        forget();
    }

    private void late(long index, ItemBlock block, String state) {
        done++;
        failed++;
        Duration deadline = Objects.requireNonNull(asked.settings().deadline());
        sink.offer(block, RawOutcome.error(index, 0, TaskTimeoutException.ofCall(index, deadline, state)));
    }

    private void abandon(Throwable why) {
        abandon(why, false);
    }

    private void abandon(Throwable why, boolean letRun) {
        over = true;
        granted.clear();
        if (!letRun) {
            granted.stopAll();
        }
        asked.gate().close();
        sink.abandoned(why);
        sink.turnEnded();
        forget();
    }

    private void forget() {
        host.forget(number);
        held.clear();
        if (asked.kind() != CallState.Kind.SUBMITS || (asked.settings().ofOneTask() && !expired)) {
            desk.forget(asked.id());
        }
        desk.ended(call);
    }
}
