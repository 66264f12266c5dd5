// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedLong;
import java.util.Random;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;

/**
 * Those on even seats await what those on odd seats make, without a limit; the round that these are ordered is how much they have to
 * have made by then. One signal for each that is made: where one is lost, what was made lies there and all await.
 *
 * @param there what was made and not yet taken
 * @param made all in all
 */
public record Trading(SharedLock lock, Condition changed, SharedLong there, SharedLong made) implements Seats.Act {
    private static final int LONGEST_NANOS = 300_000;

    @Override
    public void play(int seat, Life life, Seats.Orders orders) throws Exception {
        Random random = new Random(life.pid());
        while (!orders.stop()) {
            if (seat % 2 == 0) {
                take(life, orders, random);
            } else if (made.get() < orders.round()) {
                make(life, orders, random);
            } else {
                LockSupport.parkNanos(LONGEST_NANOS);
            }
        }
    }

    private void take(Life life, Seats.Orders orders, Random random) throws InterruptedException {
        lock.lock();
        try {
            while (there.get() == 0 && !orders.stop()) {
                life.asks();
                changed.await();
                life.has(lock.token(), false, 0);
                life.releases();
                life.released();
            }
            LockSupport.parkNanos(random.nextInt(LONGEST_NANOS));
            there.set(Math.max(0, there.get() - 1));
        } finally {
            lock.unlock();
        }
    }

    private void make(Life life, Seats.Orders orders, Random random) {
        lock.lock();
        try {
            if (made.get() < orders.round()) {
                there.set(there.get() + 1);
                LockSupport.parkNanos(random.nextInt(LONGEST_NANOS));
                made.set(made.get() + 1);
                LockSupport.parkNanos(random.nextInt(LONGEST_NANOS));
                changed.signal();
                life.note(made.get(), 0);
                LockSupport.parkNanos(random.nextInt(LONGEST_NANOS));
            }
        } finally {
            lock.unlock();
        }
    }
}
