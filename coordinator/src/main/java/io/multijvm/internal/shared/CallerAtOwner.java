// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.wire.objects.CollectionHeard;
import io.multijvm.wire.objects.CollectionSaid;
import io.multijvm.wire.objects.Frame;
import io.multijvm.wire.objects.FrameReader;
import io.multijvm.wire.objects.FrameWriter;
import io.multijvm.wire.objects.Heard;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One process's calls of one collection. What it sends is kept until its turn, and the process hears that it was taken in only
 * then; when it takes its answers slowly, or a call takes long, it can send no more than a window. Thread-safe.
 *
 * <pre>
 * IDLE -- bytes come, or there is room for answers again --> DUE   a turn is asked for
 * DUE  -- its turn: one message's calls are done ----------> DUE   if more have come
 *                                                        --> IDLE  if not, or if too many answers wait
 * </pre>
 */
final class CallerAtOwner {
    /** Of answers that wait to be sent: with more, none is made. */
    private static final long MOST_WAITING_BYTES = CollectionSaid.WINDOW_BYTES;

    /** Taken in without an answer to say so with: then it is said by itself, though more is to be done. */
    private static final int UNTOLD_BYTES = CollectionSaid.WINDOW_BYTES / 8;

    private static final Duration LATER = Duration.ofSeconds(1);

    private static final byte[] NOTHING = {};

    private final long id;
    private final Client client;
    private final CollectionAtOwner collection;
    private final Turns turns;
    private final EventLoop loop;

    private final FunctionsOfCaller functions = new FunctionsOfCaller();
    /** The turns'. */
    private final FrameReader reader = new FrameReader();

    private int reading;
    // guarded by this
    private final Deque<byte[]> come = new ArrayDeque<>();
    private final FrameWriter answers = new FrameWriter();
    private boolean due;
    private boolean gone;
    /** Nothing that it sends is understood any more. */
    private boolean spoilt;

    private boolean sending;
    /** A message whose calls are not all done. */
    private boolean halfDone;
    /** Taken in, and not told yet. */
    private long untold;
    /** Of answers that were sent and that the client has not taken in. */
    private long untaken;

    CallerAtOwner(long id, Client client, CollectionAtOwner collection, Turns turns, EventLoop loop) {
        this.id = id;
        this.client = client;
        this.collection = collection;
        this.turns = turns;
        this.loop = loop;
    }

    /** On the loop. */
    void hear(CollectionSaid said) {
        synchronized (this) {
            untaken -= said.taken();
            if (said.data().length > 0 && !spoilt) {
                come.add(said.data());
            }
        }
        send();
    }

    /** What it has named. For the turns. */
    FunctionsOfCaller functions() {
        return functions;
    }

    /** Its process has ended, or the collection was closed: what it had called as a whole is done, nobody hears of it. On the loop. */
    synchronized void gone() {
        gone = true;
    }

    /** A turn: the calls of one message. */
    private void work() {
        byte[] next;
        synchronized (this) {
            next = halfDone ? null : come.poll();
        }
        try {
            if (next != null) {
                reader.offer(next);
                reading = next.length;
            }
            read();
        } catch (IllegalArgumentException e) {
            spoil("what this process has sent makes no sense: " + e.getMessage());
        } catch (RuntimeException
                | Error e) { // there is no memory for it, say: where the next call begins is not known any more
            spoil("the owner failed on what this process has sent: " + e);
        }
        sendSoon();
    }

    private void spoil(String why) {
        synchronized (this) {
            spoilt = true;
            gone = true;
            halfDone = false;
            come.clear();
        }
        loop.executeIfUp(() -> client.tell(id, 0, new Heard.Refused(why)));
    }

    private void read() {
        for (Frame call = reader.next(); call != null; call = reader.next()) {
            Frame answer = collection.perform(call, functions);
            synchronized (this) {
                if (!gone) {
                    answers.write(answer);
                    if (answers.bytes() > MOST_WAITING_BYTES) {
                        halfDone = true;
                        return;
                    }
                }
            }
        }
        synchronized (this) {
            halfDone = false;
            untold += reading;
            reading = 0;
        }
    }

    private void sendSoon() {
        boolean ask;
        synchronized (this) {
            due = false;
            ask = !sending;
            sending = true;
        }
        if (ask) {
            loop.executeIfUp(this::send);
        }
        askForTurn();
    }

    /** Sends what may be sent. On the loop. */
    private void send() {
        try {
            for (CollectionHeard heard = next(); heard != null; heard = next()) {
                client.tell(id, 0, heard);
            }
        } catch (OutOfMemoryError e) {
            // without what was taken out the process would read wrong answers from what follows
            spoil("the owner has no memory for the answers of this process: " + e);
        }
        askForTurn();
    }

    private void askForTurn() {
        synchronized (this) {
            boolean room = gone || answers.bytes() <= MOST_WAITING_BYTES;
            if (due || !room || (come.isEmpty() && !halfDone)) {
                return;
            }
            due = true;
        }
        try {
            turns.later(this::work);
        } catch (RejectedExecutionException e) {
            // the manager is closed, and nobody hears of it
        } catch (OutOfMemoryError e) { // the system gives no more threads just now
            synchronized (this) {
                due = false;
            }
            loop.executeIfUp(() -> loop.schedule(this::askForTurn, LATER));
        }
    }

    private synchronized @Nullable CollectionHeard next() {
        sending = false;
        long most = Math.min(CollectionSaid.MOST_BYTES, CollectionSaid.WINDOW_BYTES - untaken);
        boolean fits = answers.bytes() > 0 && most >= Math.min(answers.bytes(), CollectionSaid.MOST_BYTES);
        // its last answers may have been sent before it was counted what they answer; and it waits for the word
        boolean rests = untold > 0 && !due && !halfDone && come.isEmpty();
        if (gone || (!fits && untold < UNTOLD_BYTES && !rests)) {
            return null;
        }
        byte[] piece = fits ? answers.cut((int) most) : NOTHING;
        CollectionHeard heard = new CollectionHeard(untold, piece);
        untold = 0;
        untaken += piece.length;
        return heard;
    }
}
