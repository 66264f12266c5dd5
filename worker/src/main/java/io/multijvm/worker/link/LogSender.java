// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.LogRecord;
import io.multijvm.wire.v1.LogRecords;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes log records on to the coordinator: one message at a time, and the next when that was taken. What comes faster is kept
 * up to a bound, then dropped and counted; the count goes with the last record that was kept. Thread-safe; whoever logs never
 * waits.
 *
 * <pre>
 * QUIET   -- a record comes ------------------> SENDING  what waits is sent, soon
 * SENDING -- it was taken, others wait -------> SENDING  those are sent
 * SENDING -- it was taken, no other waits ----> QUIET
 * </pre>
 */
final class LogSender {
    static final int MOST_WAITING = 2000;
    static final int MOST_WAITING_BYTES = 1 << 20;
    private static final int MOST_A_MESSAGE = Protocol.MOST_LOG_RECORDS;

    private final Executor loop;
    private final Consumer<FromWorker> out;

    // guarded by this
    private final Deque<LogRecord> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private long dropped;
    private boolean sending;

    /** @param out sends, on the loop */
    LogSender(Executor loop, Consumer<FromWorker> out) {
        this.loop = loop;
        this.out = out;
    }

    /** From any thread, the loop's too; never waits for the coordinator. */
    void say(LogRecord record) {
        int bytes = record.getSerializedSize();
        synchronized (this) {
            if (waiting.size() >= MOST_WAITING || waitingBytes + bytes > MOST_WAITING_BYTES) {
                dropped++;
                return;
            }
            waiting.add(record);
            waitingBytes += bytes;
            if (sending) {
                return;
            }
            sending = true;
        }
        loop.execute(this::sendNext);
    }

    /** The coordinator has dealt with the last message. On the loop. */
    void taken() {
        sendNext();
    }

    private void sendNext() {
        LogRecords next = next();
        if (next != null) {
            out.accept(FromWorker.newBuilder().setLogRecords(next).build());
        }
    }

    private synchronized @Nullable LogRecords next() {
        LogRecords.Builder message = LogRecords.newBuilder();
        int bytes = 0;
        while (!waiting.isEmpty() && message.getRecordCount() < MOST_A_MESSAGE) {
            int more = waiting.element().getSerializedSize();
            if (bytes > 0 && bytes + more > Protocol.SMALL_FRAME_BYTES) {
                break;
            }
            bytes += more;
            message.addRecord(waiting.remove());
        }
        waitingBytes -= bytes;
        if (waiting.isEmpty()) {
            message.setDropped(dropped);
            dropped = 0;
        }
        if (message.getRecordCount() == 0 && message.getDropped() == 0) {
            sending = false;
            notifyAll();
            return null;
        }
        return message.build();
    }

    /** Waits until the coordinator has everything, but no longer than that; for a process that leaves. Not on the loop. */
    synchronized void awaitTaken(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean interrupted = false;
        for (long left = millis; sending && left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
            try {
                wait(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
