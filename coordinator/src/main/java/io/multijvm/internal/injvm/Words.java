// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.PoolListener;

/** How far an item is, as its task said in that attempt. */
record Words(ItemRun<?, ?> of, int attempt, double fraction, String text) {

    /** Whether the item still runs for that time; else there is nothing more to say of it. */
    boolean hold() {
        return of.isRunning(attempt);
    }

    PoolListener.ItemProgress told() {
        PoolListener.Worker worker = new PoolListener.Worker(
                of.slot(), of.incarnation(), ProcessHandle.current().pid());
        return new PoolListener.ItemProgress(worker, of.itemIndex(), fraction, text);
    }
}
