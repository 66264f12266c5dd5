// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.arena.WideMaker;
import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.internal.shared.CellStore.Cell;
import io.multijvm.wire.mapped.QueueCell;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.QueueHeard;
import io.multijvm.wire.objects.QueueSaid;
import io.multijvm.worker.shared.ObjectClient;
import io.multijvm.worker.shared.QueueClient;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Makes a manager's queues, and does for their owner what its loop must not wait for. Thread-safe. */
public final class QueueMaker {
    private static final System.Logger LOG = System.getLogger(QueueMaker.class.getName());

    private static final Duration LATER = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final CellStore cells;
    private final @Nullable WideMaker memory;
    private final Executor support;
    /** The same, when what rests now has rested. */
    private final Executor rested;

    private final BlockMaker.Adder adder;

    /** @param memory null where none is shared */
    QueueMaker(EventLoop loop, CellStore cells, @Nullable WideMaker memory, Executor support, BlockMaker.Adder adder) {
        this.loop = loop;
        this.cells = cells;
        this.memory = memory;
        this.support = support;
        this.rested = BlockMaker.afterRest(support);
        this.adder = adder;
    }

    /**
     * A queue.
     *
     * @param capacity 0 for no bound
     */
    public Object queue(long capacity) {
        WideMaker shared = memory;
        if (shared == null) {
            Cell cell = cells.take(CellStore.CELL_BYTES);
            return adder.add(
                            ObjectKind.QUEUE,
                            cell,
                            (id, its) -> new QueueAtOwner(id, capacity),
                            how -> cells.give(cell, how))
                    .face();
        }
        Cell cell = cells.take(QueueCell.BYTES);
        QueueCell at = new QueueCell(cell.memory(), cell.offset());
        at.begin(capacity);
        Aside aside = new Aside(new QueueFiles(shared));
        ObjectClient made = adder.add(
                ObjectKind.QUEUE,
                cell,
                (id, its) -> {
                    aside.id = id;
                    return new MappedQueueAtOwner(id, loop, at, aside);
                },
                how -> {
                    cells.give(cell, how);
                    close(aside.files, how);
                });
        aside.client = (QueueClient) made;
        return made.face();
    }

    /** Need not rest: a queue's clients count the threads that touch its elements, and let go after the last. */
    private void close(QueueFiles files, LeftBy how) {
        Runnable closing = () -> files.close(file -> file.free(how != LeftBy.SOME_USE_IT));
        try {
            support.execute(closing);
        } catch (RejectedExecutionException e) { // the manager is closed
            closing.run();
        } catch (OutOfMemoryError e) { // the system gives no more threads just now
            loop.schedule(() -> close(files, how), LATER);
        }
    }

    /** Not on the loop, from which it is called: to make memory, or to give it back, takes the system a while. */
    private void inSupport(Runnable work) {
        try {
            support.execute(work);
        } catch (RejectedExecutionException e) {
            // the manager is closed, and who asks hears of that
        } catch (OutOfMemoryError e) { // the system gives no more threads just now
            loop.schedule(() -> inSupport(work), LATER);
        }
    }

    /** One queue's work off the loop. */
    private final class Aside implements MappedQueueAtOwner.Memory {
        private final QueueFiles files;
        /** Written once, before the loop knows of it. */
        private volatile long id;
        /** Written once, before anybody else can have it. */
        private volatile @Nullable QueueClient client;

        Aside(QueueFiles files) {
            this.files = files;
        }

        @Override
        public QueueFiles files() {
            return files;
        }

        @Override
        public void grow(long bytes, Waiter who) {
            inSupport(() -> grow(bytes, who, cells.files().anyRests()));
        }

        /** @param mayWait whether there may be room as soon as what rests has been cut, in this thread */
        private void grow(long bytes, Waiter who, boolean mayWait) {
            Heard answer;
            try {
                answer = files.grow(bytes, who.client().number());
            } catch (Throwable e) { // who asks is to hear of it, whatever it is
                if (mayWait && e instanceof IOException) {
                    rested.execute(() -> grow(bytes, who, false));
                    return;
                }
                Object why = e instanceof IOException ? e.getMessage() : e; // which says all there is
                answer = new Heard.Refused("there is no memory for what is put into this queue: " + why);
            }
            Heard told = answer;
            loop.executeIfUp(() -> tell(who, told));
        }

        /** Who has died while its memory was made, and was taken back before that, will neither place nor free it. */
        private void tell(Waiter who, Heard answer) {
            if (who.client().state() == Client.State.GONE && answer instanceof QueueHeard.SegmentAt at) {
                free(new QueueSaid.Free(List.of(at.number())));
            } else {
                who.client().tell(id, who.ticket(), answer);
            }
        }

        @Override
        public void free(QueueSaid.Free segments) {
            inSupport(() -> files.free(segments.segments()));
        }

        /** With a thread of its own: it waits for the queue's lock, and that perhaps for another death to be known. */
        @Override
        public void takeBack(Client dead) {
            QueueClient own = client;
            if (own != null) { // else nobody else can have had it
                takeBack(own, dead.number(), true);
            }
        }

        /** @param complains whether it says so if it cannot */
        private void takeBack(QueueClient own, int dead, boolean complains) {
            Thread thread = new Thread(() -> takenBack(own, dead, complains), "multijvm-queue-of-the-dead");
            thread.setDaemon(true);
            try {
                thread.start();
            } catch (OutOfMemoryError e) { // the system gives no more threads just now
                loop.schedule(() -> takeBack(own, dead, complains), LATER);
            }
        }

        private void takenBack(QueueClient own, int dead, boolean complains) {
            try {
                Set<Integer> lost = files.ofQueueAnd(dead);
                Set<Integer> used = own.takeBack(dead);
                used.forEach(files::placed); // also those of which it had not said so yet
                lost.removeAll(used);
                files.free(lost); // whoever was to place them, or to say that they are free, has died
            } catch (Throwable e) { // whatever it is, what it had must not be nobody's for ever
                // a queue that is closed has its lock closed just before it is told so itself, in one step of the loop
                loop.executeIfUp(() -> again(own, dead, complains, e));
            }
        }

        private void again(QueueClient own, int dead, boolean complains, Throwable why) {
            if (own.isClosed()) {
                return;
            }
            loop.schedule(() -> takeBack(own, dead, false), LATER);
            if (complains) {
                LOG.log(
                        Level.WARNING,
                        "what client " + dead + " had of " + own + " when it died is not taken back yet",
                        why);
            }
        }
    }
}
