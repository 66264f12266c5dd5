// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.objects.CollectionHeard;
import io.multijvm.wire.objects.CollectionSaid;
import io.multijvm.wire.objects.Frame;
import io.multijvm.wire.objects.FrameReader;
import io.multijvm.wire.objects.FrameWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * By messages, but for a call that is waited for while no other is under way: that takes a pipe, if there is one. Calls that are made while others are under way cross together, and so do their answers; each side sends so
 * many bytes and no more until it hears that they were taken in.
 */
final class StreamedLane implements CallLane {
    /** That nobody has answered yet. */
    private static final int MOST_CALLS = 8192;

    /** Less than this waits for company while the owner is busy with what was sent before. */
    private static final int TOGETHER_BYTES = 16 << 10;

    /** Of answers that have come: then the owner is told without waiting for the next call. */
    private static final int UNTOLD_BYTES = CollectionSaid.WINDOW_BYTES / 4;

    /** Says something to the owner; does nothing if it is gone. */
    interface Mouth {
        void say(CollectionSaid said);
    }

    /** The quick way for one call at a time. */
    interface Pipes {
        /**
         * Calls, and waits until the call has come to an end.
         *
         * @return false if nothing was called
         */
        boolean call(Call call);
    }

    /** Its object, as messages say it. */
    private final Object whose;

    private final Mouth mouth;
    private final Pipes pipes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    // guarded by the lock
    private final FrameWriter out = new FrameWriter();
    private FrameReader in = new FrameReader();
    /** In the order of their answers. */
    private final Deque<Call> waiting = new ArrayDeque<>();
    /** Sent, and not taken in yet. */
    private long untaken;
    /** Come, and not told of yet. */
    private long untold;

    private @Nullable String ended;

    StreamedLane(Object whose, Mouth mouth, Pipes pipes) {
        this.whose = whose;
        this.mouth = mouth;
        this.pipes = pipes;
    }

    @Override
    public void send(Call call) {
        // what other threads begin meanwhile has no order with it
        if (isIdle() && pipes.call(call)) {
            return;
        }
        lock.lock();
        try {
            while (isFull()) {
                room.awaitUninterruptibly();
            }
            append(call);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void sendInterruptibly(Call call) throws InterruptedException {
        lock.lock();
        try {
            while (isFull()) {
                room.await();
            }
            append(call);
        } finally {
            lock.unlock();
        }
    }

    private boolean isIdle() {
        lock.lock();
        try {
            return ended == null && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull() {
        return ended == null && (waiting.size() >= MOST_CALLS || out.bytes() + untaken >= CollectionSaid.WINDOW_BYTES);
    }

    private void append(Call call) {
        String why = ended;
        if (why != null) {
            throw new IllegalStateException(why);
        }
        try {
            waiting.add(call);
            out.write(call.frame());
            pump();
        } catch (OutOfMemoryError e) { // what is lost of it the owner would miss, and read others wrong
            ended(whose + " cannot be used any more: there was no memory here for a call of it");
            throw e;
        }
    }

    /** What one thread says is heard in that order, so this is done under the lock. It does not wait. */
    private void pump() {
        while (out.bytes() > 0 && (untaken == 0 || out.bytes() >= TOGETHER_BYTES)) {
            long most = Math.min(CollectionSaid.MOST_BYTES, CollectionSaid.WINDOW_BYTES - untaken);
            if (most < Math.min(out.bytes(), CollectionSaid.MOST_BYTES)) {
                return;
            }
            byte[] piece = out.cut((int) most);
            untaken += piece.length;
            say(piece);
        }
    }

    private void say(byte[] piece) {
        CollectionSaid said = new CollectionSaid(untold, piece);
        untold = 0;
        mouth.say(said);
    }

    /**
     * On the line's thread.
     *
     * @throws OutOfMemoryError if there is no room for an answer: then this is to be ended, for those behind it are not read
     *     without it
     */
    void heard(CollectionHeard heard) {
        List<Call> calls = new ArrayList<>();
        List<Frame> answers = new ArrayList<>();
        OutOfMemoryError lacks = null;
        lock.lock();
        try {
            if (ended != null) {
                return; // answers that were on their way when it was closed are nobody's
            }
            untaken -= heard.taken();
            untold += heard.data().length;
            if (heard.data().length > 0) {
                in.offer(heard.data());
                for (Frame answer = in.next(); answer != null; answer = in.next()) {
                    calls.add(waiting.element());
                    answers.add(answer);
                    waiting.remove(); // last: who is taken out is told below
                }
            }
            pump();
            if (untold >= UNTOLD_BYTES) {
                say(new byte[0]);
            }
            room.signalAll();
        } catch (OutOfMemoryError e) {
            lacks = e;
        } finally {
            lock.unlock();
        }
        for (int i = 0; i < answers.size(); i++) {
            calls.get(i).answered(answers.get(i));
        }
        if (lacks != null) {
            throw lacks;
        }
    }

    @Override
    public void ended(String why) {
        List<Call> cut;
        lock.lock();
        try {
            if (ended == null) {
                ended = why;
            }
            cut = List.copyOf(waiting);
            waiting.clear();
            in = new FrameReader(); // what has come of an answer is nobody's, and may be long
            room.signalAll();
        } finally {
            lock.unlock();
        }
        cut.forEach(call -> call.cut(why));
    }
}
