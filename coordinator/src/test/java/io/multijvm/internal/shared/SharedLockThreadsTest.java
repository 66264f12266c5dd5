// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.shared.SharedLock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real threads of several clients, some without mapped memory, some of which die in the middle of what they do. */
@SuppressWarnings("LockNotBeforeTry") // whose thread dies does not unlock
@Timeout(120)
class SharedLockThreadsTest {
    private static final int SEEDS = Integer.getInteger("multijvm.lock.seeds", 30);

    /** One holding, in the order of a clock that all threads share. */
    private record Held(long token, long from, long to, int client) {}

    /** What the lock guards: two numbers that are equal whenever nobody holds it, and nothing that makes them visible or whole. */
    private static final class Pair {
        long first;
        long second;
    }

    private final AtomicLong clock = new AtomicLong();
    private final List<Held> history = Collections.synchronizedList(new ArrayList<>());
    private final Pair pair = new Pair();
    private final AtomicInteger repairs = new AtomicInteger();
    private final AtomicInteger timeOuts = new AtomicInteger();

    @Test
    void whatIsChangedUnderTheLockAddsUpWhoeverIsInterruptedOrImpatient() throws Exception {
        int rounds = 150;
        AtomicInteger changes = new AtomicInteger();
        try (JoinedLocks locks = new JoinedLocks(1, 60)) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                JoinedLocks.Client client = locks.client(i == 3, Integer.MAX_VALUE);
                SharedLock lock = client.lock(1, i % 2 == 0);
                for (int t = 0; t < 2; t++) {
                    Random random = new Random(10 * i + t);
                    all.add(client.run(() -> {
                        for (int round = 0; round < rounds; round++) {
                            if (take(lock, random)) {
                                changes.incrementAndGet();
                                change(client, lock);
                            }
                        }
                    }));
                }
            }
            locks.await(all);
            locks.until(1, report -> !report.held() && report.waiters().isEmpty());
        }
        System.out.println(changes + " changes, " + timeOuts + " waits given up");
        assertThat(pair.first).isEqualTo(pair.second).isEqualTo(changes.get());
        assertThat(timeOuts.get()).isPositive();
        checkHistory();
    }

    @Test
    void whoeverDiesWhereverTheOthersGoOnAndAreTold() throws Exception {
        int deaths = 0;
        int halfChanged = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            history.clear();
            pair.first = pair.second = 0;
            repairs.set(0);
            try (JoinedLocks locks = new JoinedLocks(seed, 20)) {
                List<CompletableFuture<Void>> all = new ArrayList<>();
                List<JoinedLocks.Client> clients = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    int dies = i < 2 ? 1 + random.nextInt(30) : Integer.MAX_VALUE;
                    JoinedLocks.Client client = locks.client(random.nextInt(3) == 0, dies);
                    clients.add(client);
                    SharedLock lock = client.lock(1, false);
                    Random its = new Random(seed * 100L + i);
                    all.add(client.run(() -> {
                        for (int round = 0; round < 30; round++) {
                            if (take(lock, its)) {
                                if (its.nextInt(40) == 0 && client.number < 3) {
                                    pair.first++;
                                    client.kill();
                                    throw new JoinedLocks.Killed();
                                }
                                change(client, lock);
                            }
                        }
                    }));
                }
                locks.await(all);
                // who comes last finds it free, and everything in order
                JoinedLocks.Client last = locks.client();
                locks.await(last.run(() -> change(last, locked(last.lock(1, false)))));
                deaths += (int) clients.stream().filter(client -> client.dead).count();
                halfChanged += repairs.get();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e, e);
            }
            assertThat(pair.first).isEqualTo(pair.second);
            checkHistory();
        }
        System.out.println(SEEDS + " seeds, " + deaths + " deaths, " + halfChanged + " repairs");
        assertThat(deaths).isGreaterThanOrEqualTo(SEEDS / 2);
        assertThat(halfChanged).isPositive();
    }

    @Test
    void nothingPutIsLostAndNobodyAwaitsForNothingWhoeverDies() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Deque<Integer> items = new ArrayDeque<>();
            AtomicInteger ended = new AtomicInteger();
            try (JoinedLocks locks = new JoinedLocks(seed, 20)) {
                List<CompletableFuture<Void>> all = new ArrayList<>();
                JoinedLocks.Client maker = locks.client();
                SharedLock made = maker.lock(1, true);
                Condition changed = made.newCondition();
                for (int i = 0; i < 5; i++) {
                    boolean consumes = i < 3;
                    // one of those that take, or one of those that put, dies somewhere
                    int dies = i == 0 || i == 4 ? 1 + random.nextInt(25) : Integer.MAX_VALUE;
                    JoinedLocks.Client client = locks.client(random.nextInt(4) == 0, dies);
                    SharedLock lock = client.lock(1, true);
                    Condition condition = Crossing.to(client, changed);
                    all.add(client.run(() -> {
                        if (consumes) {
                            consume(lock, condition, items, ended);
                        } else {
                            produce(lock, condition, items, client.number);
                        }
                    }));
                }
                locks.await(all.subList(3, 5));
                locks.await(maker.run(() -> {
                    made.lock();
                    ended.set(1);
                    changed.signalAll();
                    made.unlock();
                }));
                locks.await(all);
                assertThat(items).as("seed %d: those that live take all", seed).isEmpty();
            } catch (Exception e) {
                throw new AssertionError("seed " + seed + ": " + e, e);
            }
        }
    }

    private static void produce(SharedLock lock, Condition changed, Deque<Integer> items, int number) {
        for (int item = 0; item < 15; item++) {
            lock.lock();
            try {
                items.addLast(number * 100 + item);
                changed.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    private static void consume(SharedLock lock, Condition changed, Deque<Integer> items, AtomicInteger ended)
            throws InterruptedException {
        while (true) {
            lock.lock();
            try {
                while (items.isEmpty()) {
                    if (ended.get() == 1) {
                        return;
                    }
                    changed.await();
                }
                items.removeFirst();
            } finally {
                if (lock.isHeldByCurrentThread()) {
                    lock.unlock();
                }
            }
        }
    }

    private static SharedLock locked(SharedLock lock) {
        lock.lock();
        return lock;
    }

    private boolean take(SharedLock lock, Random random) {
        try {
            switch (random.nextInt(5)) {
                case 0 -> {
                    return counted(lock.tryLock());
                }
                case 1 -> {
                    return counted(lock.tryLock(random.nextInt(200), TimeUnit.MICROSECONDS));
                }
                case 2 -> {
                    if (random.nextInt(3) == 0) {
                        Thread.currentThread().interrupt();
                    }
                    lock.lockInterruptibly();
                }
                default -> lock.lock();
            }
            return true;
        } catch (InterruptedException e) {
            return counted(false);
        }
    }

    private boolean counted(boolean taken) {
        if (!taken) {
            timeOuts.incrementAndGet();
        }
        return taken;
    }

    private void change(JoinedLocks.Client client, SharedLock lock) {
        long from = clock.incrementAndGet();
        if (lock.previousOwnerDied()) {
            repairs.addAndGet(pair.first == pair.second ? 0 : 1);
            pair.second = pair.first;
        }
        if (pair.first != pair.second) {
            throw new AssertionError("half changed: " + pair.first + ", " + pair.second + ", and nobody said so");
        }
        pair.first++;
        if (pair.first % 8 == 0) {
            LockSupport.parkNanos(1);
        }
        pair.second++;
        history.add(new Held(lock.token(), from, clock.incrementAndGet(), client.number));
        lock.unlock();
    }

    /** By their tokens, each began after the one before it had ended. */
    private void checkHistory() {
        List<Held> sorted = new ArrayList<>(history);
        sorted.sort(Comparator.comparingLong(Held::token));
        for (int i = 1; i < sorted.size(); i++) {
            Held before = sorted.get(i - 1);
            Held after = sorted.get(i);
            assertThat(after.token()).isGreaterThan(before.token());
            assertThat(after.from()).as("%s, %s", before, after).isGreaterThan(before.to());
        }
    }
}
