// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import io.multijvm.shared.SharedMemory;
import io.multijvm.testkit.SharedPoolTest;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** As processes use them that share memory. */
@SharedPoolTest
class ClosedByAllTest extends ClosedByAllContract {
    ClosedByAllTest() {
        super("shared");
    }

    @Override
    Stream<Kind<?>> kinds() {
        AtomicInteger made = new AtomicInteger();
        String name = "closed by all, " + UUID.randomUUID() + ", ";
        Kind<SharedMemory> memory = new Kind<>(
                "memory",
                manager -> manager.memory(name + made.incrementAndGet(), 10_000),
                (used, who) -> used.buffer(0, 8).putLong(0, who),
                (used, who) -> used.size(),
                (used, who) -> used.unlink());
        return Stream.concat(super.kinds(), Stream.of(memory));
    }
}
