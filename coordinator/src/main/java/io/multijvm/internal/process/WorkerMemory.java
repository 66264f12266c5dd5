// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much memory a worker JVM may take, and where it leaves a picture of its heap when that was too little. Checks itself.
 *
 * @param heap the largest heap as {@code 512m}; null for the JVM's own choice
 * @param direct for direct buffers; null for as much as the heap, which is the JVM's own choice
 * @param metaspace for classes; null for no limit
 * @param limitBytes resident memory of the process, at which its pool ends it; 0 for no limit
 * @param dumps directory of heap dumps; null for none
 */
public record WorkerMemory(
        @Nullable String heap,
        @Nullable String direct,
        @Nullable String metaspace,
        long limitBytes,
        @Nullable Path dumps) {
    /** Nothing is said. */
    public static final WorkerMemory JVMS_CHOICE = new WorkerMemory(null, null, null, 0, null);

    public WorkerMemory {
        check(heap);
        check(direct);
        check(metaspace);
        if (limitBytes < 0) {
            throw new IllegalArgumentException("limitBytes must be at least 0, not " + limitBytes);
        }
    }

    private static void check(@Nullable String size) {
        if (size != null) {
            MemorySize.parse(size);
        }
    }

    WorkerMemory withHeap(@Nullable String size) {
        return new WorkerMemory(size, direct, metaspace, limitBytes, dumps);
    }

    /** What the JVM is told of it, but for the dump, whose name is not the same everywhere. */
    List<String> flags() {
        List<String> flags = new ArrayList<>();
        add(flags, "-Xmx", heap);
        add(flags, "-XX:MaxDirectMemorySize=", direct);
        add(flags, "-XX:MaxMetaspaceSize=", metaspace);
        return flags;
    }

    private static void add(List<String> flags, String flag, @Nullable String size) {
        if (size != null) {
            flags.add(flag + MemorySize.parse(size).asFlag());
        }
    }
}
