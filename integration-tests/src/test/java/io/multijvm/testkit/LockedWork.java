// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes a lock over and over, in each way that there is, and counts under it what only its owner may change.
 *
 * @param count read, and then written: wrong without the lock
 * @param inside the token of who has the lock, 0 between two owners
 */
public record LockedWork(SharedLock lock, SharedLong count, SharedLong inside) implements Seats.Act {
    private static final int LONGEST_NANOS = 2_000_000;
    private static final int LIMIT_SECONDS = 60;

    @Override
    public void play(int seat, Life life, Seats.Orders orders) throws Exception {
        Random random = new Random(life.pid());
        while (!orders.stop()) {
            if (orders.rest() != 0) {
                LockSupport.parkNanos(LONGEST_NANOS);
            } else if (life.hasRoom()) {
                life.asks();
                if (isTaken(random)) {
                    own(life, random);
                    life.released();
                } else {
                    life.gaveUp();
                }
            }
            LockSupport.parkNanos(random.nextInt(LONGEST_NANOS / 8));
        }
    }

    private boolean isTaken(Random random) throws InterruptedException {
        switch (random.nextInt(5)) {
            case 0 -> lock.lock();
            case 1 -> lock.lockInterruptibly();
            case 2 -> {
                if (!lock.tryLock(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError("nobody released " + lock);
                }
            }
            case 3 -> {
                return lock.tryLock(random.nextInt(LONGEST_NANOS), TimeUnit.NANOSECONDS);
            }
            default -> {
                return lock.tryLock();
            }
        }
        return true;
    }

    private void own(Life life, Random random) {
        try {
            boolean told = lock.previousOwnerDied();
            long seen = count.get();
            life.has(lock.token(), told, seen);
            long other = inside.get();
            if (other != 0 && !told) {
                throw new AssertionError("the owner of token " + other + " is inside, and so is " + lock.token());
            }
            inside.set(lock.token());
            stay(life, random);
            count.set(seen + 1);
            if (inside.get() != lock.token()) {
                throw new AssertionError("the owner of token " + inside.get() + " came to that of " + lock.token());
            }
            inside.set(0);
            life.releases();
        } finally {
            lock.unlock();
        }
    }

    /** Mostly no longer than others spin, sometimes so long that all others wait. */
    private static void stay(Life life, Random random) {
        boolean parks = random.nextInt(3) == 0;
        long nanos = random.nextInt(parks ? LONGEST_NANOS : LONGEST_NANOS / 50);
        long until = System.nanoTime() + nanos;
        do {
            life.lives();
            if (parks) {
                LockSupport.parkNanos(nanos / 4);
            }
        } while (System.nanoTime() - until < 0);
    }
}
