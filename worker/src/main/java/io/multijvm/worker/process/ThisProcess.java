// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.process;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this JVM is to whoever has started it, as it was told.
 *
 * @param name its own
 * @param daemon whether it is to end with who has started it
 * @param parent the name of who has started it
 */
public record ThisProcess(String name, boolean daemon, String parent) {
    /** A pool's worker, whose coordinator has told it no names. It ends with its pool. */
    public static final ThisProcess POOL_WORKER = new ThisProcess("pool-worker", true, "coordinator");

    /** Written once or twice, by the thread that sets this JVM up or by the link's. */
    private static volatile @Nullable ThisProcess told;

    /** What was told; empty in a JVM that Multijvm has not started. */
    public static Optional<ThisProcess> told() {
        return Optional.ofNullable(told);
    }

    /** From now on this JVM is that. */
    public static void is(ThisProcess self) {
        told = self;
    }
}
