// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.child;

import org.jspecify.annotations.Nullable;

/**
 * Keeps this JVM alive while processes run that are no daemons, as their own threads would: one thread, no daemon, that does
 * nothing. So a program whose main method has returned ends after them, and {@code System.exit} ends it at once, as with
 * threads.
 */
final class Keeper {
    // guarded by the class
    private static int held;
    private static @Nullable Thread thread;

    private Keeper() {}

    /** One process more. */
    static synchronized void hold() {
        held++;
        if (thread == null) {
            Thread stays = new Thread(Keeper::stay, "multijvm-keeper");
            stays.setDaemon(false);
            stays.start();
            thread = stays;
        }
    }

    /** One less. */
    static synchronized void letGo() {
        held--;
        Keeper.class.notifyAll();
    }

    private static void stay() {
        synchronized (Keeper.class) {
            while (held > 0) {
                try {
                    Keeper.class.wait();
                } catch (InterruptedException e) {
                    // nobody has a reason to: the thread is ours
                }
            }
            thread = null;
        }
    }
}
