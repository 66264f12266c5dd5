// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of {@code long}s that processes map. What is set is there even if its writer is killed with the next instruction, and it
 * owes nothing to what is tested. What one thread sets others see in that order.
 */
public final class MappedLongs {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;

    private MappedLongs(ByteBuffer memory) {
        this.memory = memory;
    }

    /** A file that may be there; if it is not, all of it is zero. It takes room only where it is written. */
    public static MappedLongs open(Path file, int length) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new MappedLongs(channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) length * Long.BYTES));
        }
    }

    long get(int index) {
        return (long) LONGS.getAcquire(memory, index * Long.BYTES);
    }

    void set(int index, long value) {
        LONGS.setRelease(memory, index * Long.BYTES, value);
    }

    int length() {
        return memory.capacity() / Long.BYTES;
    }
}
