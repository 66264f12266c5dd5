// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.WorkerLogRecord;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Gives what was logged in workers to this JVM's loggers, whose handlers are the user's and may take their time: aside from the
 * loop, one message after the other. A worker sends its next message when the last was given, so no more than one a worker waits
 * here. Called on the loop.
 */
final class LogDesk {
    private static final List<Level> LEVELS =
            List.of(Level.SEVERE, Level.WARNING, Level.INFO, Level.CONFIG, Level.FINE, Level.FINER);

    private final EventLoop loop;
    private final Executor support;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    /** How many wait or are being given; whoever raises it from 0 has them given. */
    private final AtomicInteger left = new AtomicInteger();

    LogDesk(EventLoop loop, Executor support) {
        this.loop = loop;
        this.support = support;
    }

    /** @param said its {@code taken} is run on the loop when the records were given */
    void logged(Slot slot, WorkerEvent.Logged said) {
        int place = slot.number;
        String name = slot.name();
        waiting.add(() -> {
            give(place, name, said);
            loop.execute(said.taken());
        });
        if (left.getAndIncrement() == 0) {
            support.execute(this::giveAll);
        }
    }

    private void giveAll() {
        do {
            Runnable next = waiting.poll();
            if (next != null) {
                next.run();
            }
        } while (left.decrementAndGet() > 0);
    }

    private static void give(int place, String worker, WorkerEvent.Logged said) {
        said.lines().forEach(line -> give(place, line));
        if (said.dropped() > 0) {
            give(
                    place,
                    new WorkerListener.LogLine(
                            LogDesk.class.getName(),
                            Level.WARNING.intValue(),
                            worker + ": " + said.dropped()
                                    + " log records dropped, for they came faster than they could be taken; log less,"
                                    + " or at a lower level",
                            System.currentTimeMillis(),
                            LogDesk.class.getName(),
                            "give",
                            -1));
        }
    }

    private static void give(int place, WorkerListener.LogLine line) {
        WorkerLogRecord record = new WorkerLogRecord(level(line.level()), line.message(), place, line.item());
        record.setLoggerName(line.logger());
        record.setInstant(Instant.ofEpochMilli(line.millis()));
        record.setSourceClassName(line.sourceClass().isEmpty() ? null : line.sourceClass());
        record.setSourceMethodName(line.sourceMethod().isEmpty() ? null : line.sourceMethod());
        try {
            Logger.getLogger(line.logger()).log(record);
        } catch (RuntimeException e) {
            // of a user's handler or filter: as little our matter as it would be the task's
        }
    }

    /** The level of that number, or the next below. Not one made for it: a worker could make up any number of them. */
    private static Level level(int number) {
        return LEVELS.stream()
                .filter(level -> level.intValue() <= number)
                .findFirst()
                .orElse(Level.FINEST);
    }
}
