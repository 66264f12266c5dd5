// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

/** The way of one collection's calls to its owner, and of the answers back, in the order of the calls. Thread-safe. */
interface CallLane {
    /**
     * Sends what the calling thread waits for. Where that need not be, it does not wait because of what others have under way;
     * an interrupt does not end the wait, and stays.
     *
     * @throws IllegalStateException if the collection is no more
     */
    void send(Call call);

    /**
     * Sends what nobody need wait for. Waits while too much is not answered yet; an interrupt ends that, and nothing was sent.
     *
     * @throws IllegalStateException if the collection is no more
     */
    void sendInterruptibly(Call call) throws InterruptedException;

    /** The collection is no more: who waits is told, and who comes. */
    void ended(String why);
}
