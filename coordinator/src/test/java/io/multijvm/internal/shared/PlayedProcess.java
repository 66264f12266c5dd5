// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedPipe;
import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.PipeSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.worker.shared.OwnerLine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * One of several processes that use pipes, played in one JVM: with a line to the owner of its own, and threads of its own. What the
 * owner says to it can be held up, and is then heard word by word when the test says so.
 */
final class PlayedProcess extends OwnerLine implements Client.Ear, AutoCloseable {
    /** The owner's side of a pipe, on the owner's thread. */
    interface Owner {
        void said(Client from, long object, long ticket, Said said);
    }

    private static final long MANAGER = 1;

    private final Client client;
    private final ExecutorService loop;
    private final Owner owner;
    private final ExecutorService ear = Executors.newSingleThreadExecutor();
    // guarded by this
    private final Deque<Runnable> words = new ArrayDeque<>();
    private boolean held;
    private int goes;
    private int lacking;

    /** @param loop the owner's thread */
    PlayedProcess(int number, ExecutorService loop, Owner owner) {
        super(MANAGER, "");
        this.client = new Client(number, ProcessStamp.ofThisProcess(), "process " + number, this);
        this.loop = loop;
        this.owner = owner;
    }

    @SuppressWarnings("unchecked")
    private SharedPipe<Object> pipe(long number) {
        return (SharedPipe<Object>)
                client(new SharedHandle("unix:/nowhere", MANAGER, "00", number, ObjectKind.PIPE.name()))
                        .face();
    }

    PipeEnd<Object> left(long pipe) {
        return pipe(pipe).left();
    }

    PipeEnd<Object> right(long pipe) {
        return pipe(pipe).right();
    }

    /** The right end was sent to this process. */
    void rightArrives(long pipe) {
        Object unused = ((SharedHandle.OfPipeEnd.Ends) pipe(pipe)).arrived(true);
    }

    /** From now on it hears nothing. */
    synchronized void hold() {
        held = true;
    }

    /** How many words wait to be heard. */
    synchronized int waiting() {
        return words.size();
    }

    /** Hears one of them. */
    synchronized void hearOne() {
        ear.execute(words.remove());
    }

    /** Hears all of them, and what comes. */
    synchronized void hearAll() {
        held = false;
        words.forEach(ear::execute);
        words.clear();
    }

    /** There is no memory for handing on the next so many parts of a message, when so many have gone. */
    synchronized void lacksMemory(int after, int parts) {
        goes = after;
        lacking = parts;
    }

    private synchronized void needMemory() {
        if (goes > 0) {
            goes--;
        } else if (lacking > 0) {
            lacking--;
            throw new OutOfMemoryError("played");
        }
    }

    @Override
    public int client() {
        return client.number();
    }

    @Override
    public void say(long object, long ticket, Said said) {
        if (said instanceof PipeSaid.Keep) {
            needMemory();
        }
        loop.execute(() -> owner.said(client, object, ticket, said));
    }

    @Override
    public synchronized void tell(long object, long ticket, Heard heard) {
        words.add(() -> heard(object, ticket, heard));
        if (!held) {
            hearAll();
        }
    }

    @Override
    public void end(String why) {
        gone(why);
    }

    @Override
    protected ValueCodec codec() {
        throw new AssertionError("bytes alone are sent here");
    }

    @Override
    public void close() {
        gone("it was enough");
        ear.shutdownNow();
    }
}
