// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.nio.ByteBuffer;

/**
 * Raw memory with a name, which processes of one machine map: made by {@code Manager.memory}, captured by a task, or attached
 * to by its name. See Python's {@code multiprocessing.shared_memory.SharedMemory}.
 *
 * <p>It begins as zeros, and all its space is taken when it is made. Views are in the byte order of the machine. Nothing
 * orders what processes write into views but what else they share: a lock, an event, a queue, a value.
 *
 * <p>Others of the same user find it by its name for as long as its manager is open and it was not unlinked. After a
 * {@code kill -9} of its owner the next start of any program of Multijvm takes it away.
 *
 * <p>Thread-safe. After {@link #close}, {@link #unlink}, or when its manager was closed or has died, asking for a view throws
 * an {@code IllegalStateException}. A view that is there stays valid, and its memory is free when the last one is collected.
 * A process that attached is a user as any other: it has a connection to the owner, and if it loses that it is ended.
 */
public interface SharedMemory extends SharedData {
    /**
     * Memory that another process of this user made, found by its name.
     *
     * @throws IllegalArgumentException if there is none of that name
     * @throws IllegalStateException if its owner is gone
     */
    static SharedMemory attach(String name) {
        return SharedHandle.attach(name);
    }

    /** As it was given. */
    String name();

    /** Its length in bytes. */
    long size();

    /**
     * A view of all of it, to read and write, with a position of its own.
     *
     * @throws IllegalStateException also if it is longer than a buffer can be; ask for ranges then
     */
    ByteBuffer buffer();

    /**
     * A view of a part, to read and write.
     *
     * @throws IndexOutOfBoundsException if it is not in the memory
     */
    ByteBuffer buffer(long from, int length);

    /** A view of all of it, to read. Whoever only reads leaves no suspicion behind. */
    ByteBuffer readOnly();

    /** A view of a part, to read. */
    ByteBuffer readOnly(long from, int length);

    /**
     * Takes its name away and ends its use, for all processes: who asks for a view from now on gets an
     * {@code IllegalStateException}; processes that have it open hear of it a moment later, and may get a view until then.
     * Returns when the name is free. Doing it twice does nothing.
     */
    void unlink();

    /**
     * This process asks for no more views. Others go on; the memory is freed by {@link #unlink}, or with its manager. Closing
     * twice does nothing; does not wait.
     */
    @Override
    void close();
}
