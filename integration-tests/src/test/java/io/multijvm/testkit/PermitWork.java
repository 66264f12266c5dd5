// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.shared.SharedSemaphore;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes permits of two semaphores in turn and gives them back. In a turn, what is seen is 1 of the first and 0 of the second.
 *
 * @param permits how many each has
 */
public record PermitWork(SharedSemaphore bounded, SharedSemaphore plain, int permits) implements Seats.Act {
    private static final int LONGEST_NANOS = 2_000_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    public void play(int seat, Life life, Seats.Orders orders) throws Exception {
        Random random = new Random(life.pid());
        while (!orders.stop()) {
            long rest = orders.rest();
            if (rest != 0) {
                life.note(rest, 0);
                LockSupport.parkNanos(LONGEST_NANOS);
            } else if (life.hasRoom()) {
                takeAndGiveBack(life, random);
            }
            LockSupport.parkNanos(random.nextInt(LONGEST_NANOS / 4));
        }
    }

    private void takeAndGiveBack(Life life, Random random) throws InterruptedException {
        boolean first = random.nextBoolean();
        SharedSemaphore semaphore = first ? bounded : plain;
        int count = 1 + random.nextInt(permits);
        life.asks();
        if (!isTaken(semaphore, count, random)) {
            life.gaveUp();
            return;
        }
        life.has(count, false, first ? 1 : 0);
        LockSupport.parkNanos(random.nextInt(LONGEST_NANOS));
        life.lives();
        life.releases();
        if (random.nextBoolean()) {
            semaphore.release(count);
        } else {
            for (int i = 0; i < count; i++) {
                semaphore.release();
            }
        }
        life.released();
    }

    private static boolean isTaken(SharedSemaphore semaphore, int count, Random random) throws InterruptedException {
        switch (random.nextInt(4)) {
            case 0 -> semaphore.acquire(count);
            case 1 -> {
                if (!semaphore.tryAcquire(count, LIMIT)) {
                    throw new AssertionError("nobody released " + count + " of " + semaphore);
                }
            }
            case 2 -> {
                return semaphore.tryAcquire(count, Duration.ofNanos(random.nextInt(LONGEST_NANOS)));
            }
            default -> {
                return semaphore.tryAcquire(count);
            }
        }
        return true;
    }
}
