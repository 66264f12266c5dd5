// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.task.Codec;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Idle sessions, lock-free. Whoever takes one owns it; one that is not given back is simply forgotten. Bounded: what does
 * not fit is left to the collector.
 *
 * <p>Not a {@code ThreadLocal}: virtual threads would each make a session, and a worker's class loader would be kept alive
 * by every thread that ever decoded.
 */
final class SessionPool {
    private static final int CAPACITY = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());

    private final AtomicReferenceArray<Codec.Session> idle = new AtomicReferenceArray<>(CAPACITY);
    private final Supplier<Codec.Session> opener;

    SessionPool(Supplier<Codec.Session> opener) {
        this.opener = opener;
    }

    Codec.Session take() {
        for (int i = 0; i < CAPACITY; i++) {
            if (idle.getPlain(i) != null) {
                Codec.Session session = idle.getAndSet(i, null);
                if (session != null) {
                    return session;
                }
            }
        }
        return opener.get();
    }

    void giveBack(Codec.Session session) {
        for (int i = 0; i < CAPACITY; i++) {
            if (idle.getPlain(i) == null && idle.compareAndSet(i, null, session)) {
                return;
            }
        }
    }
}
