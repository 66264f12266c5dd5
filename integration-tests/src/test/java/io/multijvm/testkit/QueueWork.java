// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.shared.QueueShutDownException;
import io.multijvm.shared.SharedQueue;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Those on even seats put, one element a turn, those on odd seats take. A turn of the former has its element's number when the
 * put has returned; one of the latter when the element was taken, and is about to end before it is acknowledged.
 *
 * @param leases whether they take under leases
 */
public record QueueWork(SharedQueue<QueueWork.Item> queue, boolean leases) implements Seats.Act {
    /** So many bytes are written without the queue's lock. */
    private static final int LARGE_BYTES = 20_000;

    private static final int LONGEST_NANOS = 100_000;
    private static final int TURNS_BITS = 24;
    /** One of so many is large. */
    private static final int LARGE_ONE_OF = 8;

    /**
     * An element.
     *
     * @param number of its producer's process and turn
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Item(long number, byte[] ballast) {}

    /** The element that a process puts in a turn, from 0. */
    static long number(long pid, long turn) {
        return pid << TURNS_BITS | turn + 1;
    }

    /** Whose it was. */
    static long producer(long number) {
        return number >>> TURNS_BITS;
    }

    /** Whether it is copied without the queue's lock; so it comes back if its taker dies meanwhile, whether leased or not. */
    static boolean isLarge(long number) {
        return number % LARGE_ONE_OF == 0;
    }

    @Override
    public void play(int seat, Life life, Seats.Orders orders) throws Exception {
        Random random = new Random(life.pid());
        try {
            while (true) {
                if (orders.rest() != 0 && !orders.stop()) {
                    LockSupport.parkNanos(LONGEST_NANOS);
                } else if (life.hasRoom()) {
                    turn(seat, life, random);
                } else if (orders.stop()) {
                    return; // it would not come to the end of the queue any more
                }
                if (random.nextInt(4) == 0) {
                    LockSupport.parkNanos(random.nextInt(LONGEST_NANOS));
                }
            }
        } catch (QueueShutDownException e) {
            life.gaveUp();
        }
    }

    private void turn(int seat, Life life, Random random) throws InterruptedException {
        long turn = life.turns();
        life.asks();
        if (seat % 2 == 0) {
            long number = number(life.pid(), turn);
            queue.put(new Item(number, new byte[isLarge(number) ? LARGE_BYTES : 0]));
            life.has(number, false, 0);
            life.releases();
        } else if (leases) {
            try (SharedQueue.Lease<Item> lease = queue.lease()) {
                life.has(lease.item().number(), lease.attempt() > 1, lease.attempt());
                if (random.nextBoolean()) {
                    LockSupport.parkNanos(random.nextInt(LONGEST_NANOS));
                }
                life.releases();
                if (!lease.acknowledge()) {
                    throw new AssertionError("the lease was over: " + lease);
                }
            }
        } else {
            life.has(queue.take().number(), false, 1);
            life.releases();
        }
        life.released();
    }
}
