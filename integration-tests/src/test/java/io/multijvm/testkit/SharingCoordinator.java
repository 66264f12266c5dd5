// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Manager;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.shared.SharedBarrier;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedLatch;
import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedLongArray;
import io.multijvm.shared.SharedMemory;
import io.multijvm.shared.SharedQueue;
import io.multijvm.shared.SharedReference;
import io.multijvm.shared.SharedSemaphore;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;

/** A coordinator to be killed at any moment: its workers are inside of every kind of shared object that it owns, for ever. */
public final class SharingCoordinator {
    /** How many processes meet at the barrier and have the rest in turn. */
    private static final int WORKERS = 2;

    private static final long ELEMENTS = 1 << 20;
    private static final int LARGE_BYTES = 1 << 20;
    private static final Duration BRIEF = Duration.ofMillis(2);

    private SharingCoordinator() {}

    /** One of each kind. */
    private record Objects(
            SharedLock lock,
            Condition changed,
            SharedSemaphore permits,
            SharedBarrier meeting,
            SharedEvent event,
            SharedLatch latch,
            SharedLong count,
            SharedLongArray array,
            SharedReference<String> text,
            SharedMemory memory,
            SharedQueue<byte[]> queue)
            implements Serializable {
        private static Objects of(Manager manager) {
            SharedLock lock = manager.rlock();
            return new Objects(
                    lock,
                    lock.newCondition(),
                    manager.boundedSemaphore(1),
                    manager.barrier(WORKERS),
                    manager.event(),
                    manager.latch(Long.MAX_VALUE),
                    manager.longValue(0),
                    manager.longArray(ELEMENTS),
                    manager.reference(""),
                    manager.memory("sharing-" + ProcessHandle.current().pid(), ELEMENTS),
                    manager.queue(4));
        }

        /** Goes on until this process ends, or what it uses. */
        private int use() throws Exception {
            while (true) {
                lock.lock();
                try {
                    count.set(count.get() + 1);
                    changed.signalAll();
                    changed.await(BRIEF.toMillis(), TimeUnit.MILLISECONDS);
                    memory.buffer().putLong(0, lock.token());
                } finally {
                    lock.unlock();
                }
                permits.acquire();
                array.getAndAdd(count.get() % ELEMENTS, 1);
                permits.release();
                meeting.await();
                event.set();
                latch.countDown();
                text.set("seen by process " + ProcessHandle.current().pid());
                latch.await(BRIEF);
                event.clear();
                event.await(BRIEF);
                queue.put(new byte[LARGE_BYTES]);
                queue.put(new byte[1]);
                try (SharedQueue.Lease<byte[]> lease = queue.lease()) {
                    lease.acknowledge();
                }
                queue.take();
            }
        }
    }

    /** Says {@code sharing} on stdout when its workers have been through all of it some times. */
    public static void main(String[] args) throws Exception {
        try (Manager manager = Manager.start();
                Pool pool = Pool.processes(WORKERS)) {
            Objects objects = Objects.of(manager);
            TaskFuture<Integer> one = pool.submit(objects::use);
            TaskFuture<Integer> other = pool.submit(objects::use);
            while (objects.count().get() < 10 && !one.isDone()) {
                LockSupport.parkNanos(BRIEF.toNanos());
            }
            if (!one.isDone()) {
                System.out.println("sharing");
            }
            one.get(); // both only end with this process
            other.get();
        }
    }
}
