// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Manager;
import io.multijvm.TaskFuture;
import io.multijvm.shared.SharedBarrier;
import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedPipe;
import io.multijvm.shared.SharedQueue;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever uses an object that others close at that moment is answered right, or told that it was closed, whichever way he hears
 * of that; and closing it never fails, however many do it at once.
 */
@SuppressWarnings("NullAway") // what a task returns here is never null
abstract class ClosedByAllContract extends OneManagerForAll {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TIMES = Math.max(5, Integer.getInteger("multijvm.rounds", 3));

    /** After so many calls that are waited for they go by a pipe, where there is one. */
    private static final int CALLS_TO_A_PIPE = 40;

    /** @param payloads shared or frames */
    ClosedByAllContract(String payloads) {
        super(payloads);
    }

    /** Of a user's class. */
    interface Resource extends AutoCloseable {
        int use();

        @Override
        void close();
    }

    private static final class Plain implements Resource {
        @Override
        public int use() {
            return 1;
        }

        @Override
        public void close() {}
    }

    /** What a process does with an object. */
    interface Act<T> extends Serializable {
        /**
         * Does it once.
         *
         * @param who of the three: two workers, and 2 for the owner's program
         */
        void on(T object, int who) throws Exception;
    }

    /**
     * How one kind of objects is used.
     *
     * @param use does not wait long
     * @param waits until it is closed, or for something that others do
     */
    record Kind<T>(String name, Function<Manager, T> maker, Act<T> use, Act<T> waits, Act<T> close) {
        static <T extends AutoCloseable> Kind<T> of(String name, Function<Manager, T> maker, Act<T> use, Act<T> waits) {
            return new Kind<>(name, maker, use, waits, (object, who) -> object.close());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static void locked(SharedLock lock) {
        lock.lock();
        try {
            lock.token();
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // until it is closed, and nobody signals it
    private static void awaits(SharedLock lock) throws InterruptedException {
        lock.lock();
        try {
            lock.newCondition().await();
        } finally {
            lock.unlock();
        }
    }

    Stream<Kind<?>> kinds() {
        return Stream.concat(kindsOfData(), kindsThatWait());
    }

    private static Kind<Resource> ownClass() {
        return Kind.of(
                "own class",
                manager -> manager.register(Resource.class, Plain::new),
                (own, who) -> own.use(),
                (own, who) -> own.use());
    }

    private Stream<Kind<?>> kindsOfData() {
        return Stream.of(
                ownClass(),
                Kind.of(
                        "map",
                        manager -> manager.<Integer, Integer>map(),
                        (map, who) -> map.put(who, 1),
                        (map, who) -> map.putAsync(2, 2).join()),
                Kind.of(
                        "set",
                        manager -> manager.<Integer>set(),
                        (set, who) -> set.add(1),
                        (set, who) -> set.forEach(one -> {})),
                Kind.of(
                        "list",
                        manager -> manager.<Integer>list(),
                        (list, who) -> list.clear(),
                        (list, who) -> list.add(1)),
                Kind.of(
                        "lock of a map",
                        manager -> manager.<Integer, Integer>map(),
                        (map, who) -> locked(map.getLock()),
                        (map, who) -> awaits(map.getLock())),
                Kind.of(
                        "long",
                        manager -> manager.longValue(1),
                        (value, who) -> value.incrementAndGet(),
                        (value, who) -> locked(value.getLock())),
                Kind.of(
                        "reference",
                        manager -> manager.reference("a"),
                        (reference, who) -> reference.get(),
                        (reference, who) -> reference.set("b".repeat(who * 50_000))),
                Kind.of(
                        "short array",
                        manager -> manager.longArray(4),
                        (array, who) -> array.getAndAdd(1, 1),
                        (array, who) -> array.isSuspect()),
                Kind.of(
                        "long array",
                        manager -> manager.byteArray(100_000),
                        (array, who) -> array.set(99_999, (byte) 1),
                        (array, who) -> array.get(1, new byte[99_000])));
    }

    private Stream<Kind<?>> kindsThatWait() {
        return Stream.of(
                Kind.of(
                        "queue",
                        manager -> manager.<Object>queue(),
                        (queue, who) -> queue.put(1),
                        (queue, who) -> queue.take()),
                Kind.of(
                        "bounded queue",
                        manager -> manager.<Object>queue(2),
                        (queue, who) -> queue.poll(),
                        (queue, who) -> queue.put(new byte[100_000])),
                Kind.of(
                        "queue of leases",
                        manager -> manager.<Object>queue(1),
                        (queue, who) -> queue.offer("a"),
                        (queue, who) -> {
                            try (SharedQueue.Lease<Object> lease = queue.lease()) {
                                lease.acknowledge();
                            }
                        }),
                Kind.of(
                        "pipe",
                        manager -> manager.<Object>pipe(),
                        ClosedByAllContract::sends,
                        ClosedByAllContract::receives),
                Kind.of("lock", manager -> manager.lock(), (lock, who) -> locked(lock), (lock, who) -> awaits(lock)),
                Kind.of(
                        "rlock",
                        manager -> manager.rlock(),
                        (lock, who) -> {
                            if (lock.tryLock()) {
                                lock.unlock();
                            }
                        },
                        (lock, who) -> {
                            lock.lockInterruptibly();
                            lock.unlock();
                        }),
                Kind.of(
                        "semaphore",
                        manager -> manager.semaphore(1),
                        (semaphore, who) -> semaphore.availablePermits(),
                        (semaphore, who) -> semaphore.acquire(2)),
                Kind.of(
                        "event",
                        manager -> manager.event(),
                        (event, who) -> event.isSet(),
                        (event, who) -> event.await()),
                Kind.of(
                        "latch",
                        manager -> manager.latch(1),
                        (latch, who) -> latch.getCount(),
                        (latch, who) -> latch.await()),
                Kind.of(
                        "barrier",
                        manager -> manager.barrier(9),
                        (barrier, who) -> barrier.getNumberWaiting(),
                        (barrier, who) -> barrier.await()));
    }

    /** Each end is one worker's, and the owner has none. */
    private static void sends(SharedPipe<Object> pipe, int who) throws InterruptedException {
        if (who == 0) {
            pipe.left().send("a");
        } else if (who == 1) {
            pipe.right().poll();
        } else {
            hasNothingToDo();
        }
    }

    private static void receives(SharedPipe<Object> pipe, int who) throws InterruptedException {
        if (who == 0) {
            pipe.left().receive();
        } else if (who == 1) {
            pipe.right().receive();
        } else {
            hasNothingToDo();
        }
    }

    private static void hasNothingToDo() {
        throw new IllegalStateException("as if it was closed");
    }

    /**
     * One process: while two of its threads use the object it is closed, twice.
     *
     * @param close null where others do that
     * @return what went wrong
     */
    private static <T> List<String> useAndClose(
            Act<T> use, Act<T> waits, @Nullable Act<T> close, T object, SharedBarrier ready, int who) throws Exception {
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        CountDownLatch used = new CountDownLatch(1);
        List<Thread> threads = List.of(
                user(() -> act(use, object, who, used), wrong), user(() -> act(waits, object, who, null), wrong));
        threads.forEach(Thread::start);
        used.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        ready.await(PATIENCE);
        for (int twice = 0; close != null && twice < 2; twice++) {
            close.on(object, who);
            noteUnlessClosed(() -> use.on(object, who), wrong);
            noteUnlessClosed(() -> waits.on(object, who), wrong);
        }
        for (Thread thread : threads) {
            thread.join(PATIENCE.toMillis());
            if (thread.isAlive()) {
                wrong.add("is not told that it was closed: " + List.of(thread.getStackTrace()));
            }
        }
        noteUnlessClosed(() -> use.on(object, who), wrong);
        noteUnlessClosed(() -> waits.on(object, who), wrong);
        return List.copyOf(wrong);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static Thread user(Step step, Queue<String> wrong) {
        Thread thread = new Thread(() -> noteUnlessClosed(step, wrong), "uses what is closed");
        thread.setDaemon(true);
        return thread;
    }

    /** Until it is closed. */
    private static <T> void act(Act<T> act, T object, int who, @Nullable CountDownLatch often) throws Exception {
        try {
            for (int times = 1; ; times++) {
                act.on(object, who);
                if (often != null && times == CALLS_TO_A_PIPE) {
                    often.countDown();
                }
            }
        } finally {
            if (often != null) {
                often.countDown();
            }
        }
    }

    private static void noteUnlessClosed(Step step, Queue<String> wrong) {
        try {
            step.run();
            wrong.add("it can be used though it was closed");
        } catch (Throwable thrown) { // what went wrong is told to the test
            Throwable e = thrown instanceof CompletionException future ? future.getCause() : thrown;
            boolean closed = e.getClass() == IllegalStateException.class
                    && String.valueOf(e.getMessage()).contains("closed");
            if (!closed) {
                StringWriter text = new StringWriter();
                thrown.printStackTrace(new PrintWriter(text));
                wrong.add(text.toString());
            }
        }
    }

    /** In three processes; what went wrong there is told with the test's name. */
    private <T> void useAndCloseEverywhere(Kind<T> kind, T object, @Nullable Act<T> close, Act<T> closeHere)
            throws Exception {
        Act<T> use = kind.use();
        Act<T> waits = kind.waits();
        SharedBarrier ready = manager.barrier(3);
        List<TaskFuture<List<String>>> others = new ArrayList<>();
        for (int w = 0; w < 2; w++) {
            int who = w;
            others.add(pool.submit(() -> useAndClose(use, waits, close, object, ready, who)));
        }
        List<String> wrong = new ArrayList<>(useAndClose(use, waits, closeHere, object, ready, 2));
        for (TaskFuture<List<String>> other : others) {
            wrong.addAll(other.join());
        }
        ready.close();
        assertThat(wrong).as("%s", kind).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    <T> void whoeverClosesItHasClosedItAndWhoeverUsesItIsToldSo(Kind<T> kind) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            useAndCloseEverywhere(kind, kind.maker().apply(manager), kind.close(), kind.close());
        }
    }

    @Test
    void whatItsOwnerUnregistersWhileOthersCloseItIsClosedForAll() throws Exception {
        Kind<Resource> kind = ownClass();
        for (int i = 0; i < TIMES; i++) {
            Resource own = kind.maker().apply(manager);
            useAndCloseEverywhere(kind, own, kind.close(), (object, who) -> manager.unregister(object));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    <T> void whoeverUsesItWhenItsManagerIsClosedIsToldSo(Kind<T> kind) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            Manager its = startManager();
            useAndCloseEverywhere(kind, kind.maker().apply(its), null, (object, who) -> its.close());
        }
    }
}
