// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import java.util.List;

/** How a process gets at a queue: in mapped memory, or by messages to its owner. Elements are encoded. Thread-safe. */
interface QueueWay {
    /** What came of putting. */
    enum Put {
        DONE,
        /** There was no room in time. */
        FULL,
        /** The queue is shut. */
        ENDED
    }

    /**
     * Puts one behind the last.
     *
     * @param element in parts that stand one behind the other
     */
    Put put(byte[][] element, Patience patience) throws InterruptedException;

    /**
     * Takes the first.
     *
     * @param lease whether it comes back if this process dies before it is acknowledged
     */
    Got take(boolean lease, Patience patience) throws InterruptedException;

    /** A leased element is done with. False if the lease was over. */
    boolean acknowledge(Got leased);

    /** A leased element is where it was before it was taken. False if the lease was over. */
    boolean giveBack(Got leased);

    /** Some of those that are in it behind that number, in their order, without taking them; none if there are no more. */
    List<Got> look(long behind, int most);

    /** Those of these numbers that are still in it are taken out. Returns how many. */
    int remove(List<Long> numbers);

    /** One was worked off. False if that was said more often than elements were put. */
    boolean taskDone();

    /** Waits until all was worked off; false if the time was over. */
    boolean join(Patience patience) throws InterruptedException;

    /** Nothing is put any more. */
    void shut();

    Size size();

    /** Whether a take need not wait. */
    boolean isReady();

    /**
     * How full it is.
     *
     * @param counted against the capacity: those that are being put, too
     * @param capacity 0 for no bound
     * @param last number of the last that was put
     */
    record Size(long ready, long counted, long capacity, long last, boolean shut) {
        long remaining() {
            return capacity == 0 ? Long.MAX_VALUE : Math.max(0, capacity - counted);
        }
    }
}
