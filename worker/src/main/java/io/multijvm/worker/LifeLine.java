// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends this process when its coordinator is gone. Until the worker leaves, a thread stands in a read of stdin, whose end
 * says so at once. A JVM that exits waits 300 ms for threads that stand in native code, though, and nothing runs after the
 * user's shutdown hooks that could call that thread back. So a worker that leaves looks at its parent every few
 * milliseconds instead: a thread that sleeps does not hold the exit up.
 *
 * <pre>
 * READING  -- let go, interrupted --> LOOKING  (until the process has ended)
 * READING  -- end of stdin ---------> halt
 * LOOKING  -- parent gone ----------> halt
 * </pre>
 */
final class LifeLine {
    private enum State {
        READING,
        LOOKING
    }

    private static final long LOOK_MILLIS = 20;
    private static final int BUFFER_BYTES = 64;

    /** The descriptor itself: user code may replace {@link System#in}. */
    private final ReadableByteChannel stdin = new FileInputStream(FileDescriptor.in).getChannel();

    /** Its coordinator; null where the system does not tell, and then it goes on reading. */
    private final @Nullable ProcessHandle parent =
            ProcessHandle.current().parent().orElse(null);

    /** Written by who lets go, before the read is broken off, or by the reader itself; never back. */
    private volatile State state = State.READING;

    private final Runnable halt;

    /** @param halt ends what tasks have started and this process, within a fraction of a second whatever happens */
    LifeLine(Runnable halt) {
        this.halt = halt;
    }

    /** What the coordinator says first; to be read before {@link #hold}. */
    InputStream firstWords() {
        return Channels.newInputStream(stdin);
    }

    /** From now on the end of stdin is the end of this process. The thread's only act is to end it. */
    void hold() {
        Thread reader = new Thread(this::watch, "multijvm-life-line");
        reader.setDaemon(true);
        reader.start();
    }

    /** For a worker that ends by itself: no thread stands in a read from now on. The coordinator's end still ends it. */
    void letGo() {
        // elsewhere a blocked read is not broken off by a close, which waits for it instead
        if (parent == null || File.separatorChar != '/') {
            return;
        }
        state = State.LOOKING;
        try {
            stdin.close();
        } catch (IOException e) {
            return; // it reads on, and the exit takes its time
        }
    }

    private void watch() {
        ByteBuffer nothing = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try {
            while (stdin.read(nothing.clear()) >= 0) {
                // nothing is said here after the bootstrap
            }
        } catch (ClosedByInterruptException e) {
            // a task that interrupts all threads it finds has closed stdin too
            state = State.LOOKING;
            var unused = Thread.interrupted();
        } catch (IOException e) {
            // let go; or else as good as its end
        }
        CountDownLatch never = new CountDownLatch(1);
        while (state == State.LOOKING && parent != null && parent.isAlive()) {
            try {
                var unused = never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                // such a task again: it is no reason to look away
            }
        }
        halt.run();
    }
}
