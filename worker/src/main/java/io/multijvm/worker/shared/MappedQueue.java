// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.codec.EncodedSource;
import io.multijvm.failure.PayloadException;
import io.multijvm.shared.SharedLock;
import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.mapped.QueueCell;
import io.multijvm.wire.mapped.QueueSegment;
import io.multijvm.wire.mapped.QueueState;
import io.multijvm.wire.mapped.QueueWaits;
import io.multijvm.wire.objects.QueueHeard;
import io.multijvm.wire.objects.QueueSaid;
import io.multijvm.worker.shared.QueueSegments.NotMapped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A queue in mapped memory. Who puts or takes does it there itself, with the queue's own lock; the owner is asked for memory,
 * and told what it needs to know of those that wait. Thread-safe.
 *
 * <p>No wake is lost: who has to wait tells the owner, which marks in memory that somebody waits and then looks once more;
 * who changes something looks for the mark after that. One of the two sees the other. Who takes the mark away tells the owner,
 * and if it dies before that, the owner looks when it hears of the death. A wake promises nothing: who is woken tries again,
 * and waits again if another was faster.
 */
final class MappedQueue implements QueueWay {
    private static final QueueWaits[] ALL_WAITS = QueueWaits.values();

    private final QueueClient client;
    private final SharedLock lock;
    private final QueueCell cell;
    private final QueueSegments segments = new QueueSegments();
    private final MappedChain chain;
    private final MappedElements elements;
    /** Segments that nobody needs any more, until the owner is told. */
    private final Queue<Integer> freed = new ConcurrentLinkedQueue<>();

    /** @param number of this process */
    MappedQueue(QueueClient client, int number, QueueCell cell, SharedLock lock) {
        this.client = client;
        this.cell = cell;
        this.lock = lock;
        this.chain = new MappedChain(cell, segments);
        this.elements = new MappedElements(chain, number);
    }

    private interface Operation<R> {
        R run() throws NotMapped;
    }

    /** Does it with the lock, and tells what others wait for. Null if the lock was not to be had in time. */
    private <R> @Nullable R locked(Patience patience, Operation<R> operation) throws InterruptedException {
        while (true) {
            client.enter();
            try {
                if (!lock(patience)) {
                    return null;
                }
                return inside(operation);
            } catch (NotMapped missing) {
                map(missing.segment());
            } finally {
                client.leave();
            }
        }
    }

    private <R> R inside(Operation<R> operation) throws NotMapped {
        try {
            try {
                chain.mend();
                return operation.run();
            } finally {
                // nothing that could fail comes before it: who lives on with the lock stops all
                lock.unlock();
            }
        } finally {
            try {
                tell();
                free();
            } catch (VirtualMachineError e) {
                // there is no memory to tell it, say: what was done is done, and the next one tells
            }
        }
    }

    private void free() {
        if (freed.isEmpty()) {
            return;
        }
        List<Integer> all = new ArrayList<>();
        boolean told = false;
        try {
            for (Integer one = freed.poll(); one != null; one = freed.poll()) {
                all.add(one);
            }
            client.tellOwner(new QueueSaid.Free(all));
            told = true;
        } finally {
            if (!told) {
                freed.addAll(all);
            }
        }
    }

    private <R> R locked(Operation<R> operation) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    R done = locked(Patience.FOR_EVER, operation);
                    if (done != null) {
                        return done;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** It is held only for moments, but for that of a holder that has died, until that is known. */
    private boolean lock(Patience patience) throws InterruptedException {
        if (!patience.interruptible()) {
            lock.lock();
            return true;
        }
        if (!patience.timed() || patience.left() <= 0) {
            lock.lockInterruptibly();
            return true;
        }
        return lock.tryLock(patience.left(), TimeUnit.NANOSECONDS);
    }

    private void map(int segment) {
        QueueHeard.SegmentAt at = client.where(segment);
        if (at == null) {
            return; // it is no more, and so whoever looked for it saw an old state
        }
        try {
            segments.add(mapped(at));
        } catch (IOException e) {
            if (client.where(segment) != null) {
                throw client.notMapped(e);
            } // else it was freed meanwhile
        }
        forgetFreed();
    }

    /** Others free segments too. */
    private void forgetFreed() {
        if (segments.isTimeToForget()) {
            segments.forget(number -> client.where(number) == null);
        }
    }

    private static QueueSegment mapped(QueueHeard.SegmentAt at) throws IOException {
        return new QueueSegment(at.number(), WideFile.map(at.address(), 0, at.bytes())[0]);
    }

    /** Whoever waits for what is true now is to be told so. */
    private void tell() {
        long waitedFor = cell.waitedFor();
        if (waitedFor == 0) {
            return;
        }
        QueueState state = cell.state();
        long due = 0;
        for (QueueWaits what : ALL_WAITS) {
            due |= what.isTrue(state, cell.capacity()) ? what.mark() : 0;
        }
        long taken = (waitedFor & due) == 0 ? 0 : cell.unmark(due);
        if (taken == 0) {
            return;
        }
        boolean told = false;
        try {
            client.tellOwner(new QueueSaid.Changed());
            told = true;
        } finally {
            if (!told) {
                cell.mark(taken);
            }
        }
    }

    /** Waits until it may be true; false if the time is over. */
    private boolean await(QueueWaits what, Patience patience) throws InterruptedException {
        refuseInterrupted(patience);
        if (BriefWait.until(patience, () -> what.isTrue(state(), cell.capacity()) ? what : null) != null) {
            return true;
        }
        refuseInterrupted(patience);
        return patience.left() > 0 && client.await(what, patience);
    }

    private static void refuseInterrupted(Patience patience) throws InterruptedException {
        if (patience.interruptible() && Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    @Override
    public Put put(byte[][] element, Patience patience) throws InterruptedException {
        int bytes = Math.addExact(element[0].length, element[1].length);
        boolean large = bytes >= MappedElements.LARGE_BYTES;
        while (true) {
            Long place =
                    locked(patience, () -> large ? elements.begin(bytes, freed) : elements.put(element, bytes, freed));
            if (place == null) {
                return Put.FULL;
            }
            if (place == MappedChain.ENDED) {
                return Put.ENDED;
            } else if (place == MappedChain.NO_SEGMENT) {
                grow(bytes);
            } else if (place == MappedChain.FULL) {
                if (patience.left() <= 0 || !await(QueueWaits.FOR_ROOM, patience)) {
                    return Put.FULL;
                }
            } else {
                if (large) {
                    write(place, element);
                }
                return Put.DONE;
            }
        }
    }

    private void write(long place, byte[][] element) {
        boolean whole = false;
        client.enter();
        try {
            QueueSegment segment = segmentOf(place);
            segment.write(QueueState.atOf(place), 0, element[0]);
            segment.write(QueueState.atOf(place), element[0].length, element[1]);
            whole = true;
        } finally {
            client.leave();
            boolean written = whole;
            var unused = locked(() -> {
                if (written) {
                    elements.written(place);
                } else {
                    elements.abandon(place);
                }
                return true;
            });
        }
    }

    private QueueSegment segmentOf(long place) {
        try {
            return segments.get(QueueState.segmentOf(place));
        } catch (NotMapped e) { // it was mapped with the lock, and something in it is ours
            throw new IllegalStateException(e);
        }
    }

    /** Not with the lock: the owner takes its time to make a file. */
    private void grow(int bytes) {
        QueueHeard.SegmentAt at = client.grow(QueueSegment.BEGIN + QueueSegment.room(bytes));
        AtomicBoolean placed = new AtomicBoolean(); // and not a result: what fails after that must not free it
        try {
            QueueSegment segment = mapped(at);
            var unused = locked(() -> {
                if (chain.stillNeeds(bytes)) { // else another thread or process was faster
                    segments.add(segment);
                    chain.extend(segment);
                    placed.set(true);
                }
                return true;
            });
        } catch (IOException e) {
            throw client.notMapped(e);
        } finally {
            client.tellOwner(
                    placed.get() ? new QueueSaid.Placed(at.number()) : new QueueSaid.Free(List.of(at.number())));
        }
        forgetFreed();
    }

    @Override
    public Got take(boolean lease, Patience patience) throws InterruptedException {
        while (true) {
            Got got = locked(patience, () -> elements.take(lease, freed));
            if (got == null) {
                return Got.NOTHING;
            }
            if (got.kind() != Got.Kind.NOTHING) {
                return got.isElement() && got.bytes() == null ? read(got, lease) : got;
            }
            if (patience.left() <= 0 || !await(QueueWaits.FOR_ELEMENT, patience)) {
                return Got.NOTHING;
            }
        }
    }

    /** A large one is decoded where it lies: that saves it a copy. */
    private Got read(Got got, boolean lease) {
        Object value = null;
        boolean spoilt = false;
        client.enter();
        try {
            value = client.decode(new Source(segmentOf(got.place()), QueueState.atOf(got.place())));
        } catch (PayloadException e) {
            spoilt = true;
            throw e;
        } finally {
            client.leave();
            if (value == null && (lease || !spoilt)) { // there was no memory for it, say
                var unused = giveBack(got);
            } else if (!lease) {
                var unused = acknowledge(got);
            }
        }
        return got.decoded(value);
    }

    /** An element in mapped memory that this process alone has. */
    private static final class Source implements EncodedSource {
        private final QueueSegment segment;
        private final int at;
        private int read;

        Source(QueueSegment segment, int at) {
            this.segment = segment;
            this.at = at;
        }

        @Override
        public int length() {
            return QueueSegment.bytes(segment.header(at));
        }

        @Override
        public void read(byte[] into, int offset, int length) {
            segment.read(at, read, into, offset, length);
            read += length;
        }

        @Override
        public void end() {
            // it is acknowledged
        }
    }

    @Override
    public boolean acknowledge(Got leased) {
        return locked(() -> elements.acknowledge(leased, freed));
    }

    @Override
    public boolean giveBack(Got leased) {
        return locked(() -> elements.giveBack(leased));
    }

    @Override
    public List<Got> look(long behind, int most) {
        return locked(() -> elements.look(behind, most));
    }

    @Override
    public int remove(List<Long> numbers) {
        Set<Long> all = Set.copyOf(numbers);
        return locked(() -> elements.remove(all, freed));
    }

    @Override
    public boolean taskDone() {
        return locked(elements::finish);
    }

    @Override
    public boolean join(Patience patience) throws InterruptedException {
        while (state().unfinished() > 0) {
            if (patience.left() <= 0 || !await(QueueWaits.FOR_REST, patience)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void shut() {
        locked(() -> {
            elements.shut();
            return true;
        });
    }

    @Override
    public Size size() {
        QueueState state = state();
        return new Size(state.ready(), state.ready() + state.writing(), cell.capacity(), state.numbers(), state.shut());
    }

    @Override
    public boolean isReady() {
        return QueueWaits.FOR_ELEMENT.isTrue(state(), cell.capacity());
    }

    /** Without the lock; and not of whatever the cell is used for next. */
    private QueueState state() {
        client.enter();
        try {
            return cell.state();
        } finally {
            client.leave();
        }
    }

    /** A process has ended. Returns the segments that are in use. */
    Set<Integer> takeBack(int dead) {
        return locked(() -> elements.takeBack(dead));
    }

    /** It is closed, and nobody is at work in it. */
    void forget() {
        segments.clear();
    }
}
