// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Ways in which a task can take more memory than its worker may. */
public final class Hunger {
    private static final int BLOCK_BYTES = 8 << 20;
    private static final int STACK_BYTES = 16 << 20;
    /** Far above what fits into any limit of the tests, and few enough to harm no machine. */
    private static final int MOST_THREADS = 2000;

    private static final List<Object> KEPT = new ArrayList<>();

    private Hunger() {}

    /** Takes native memory of which the JVM knows nothing, touches it, and keeps it. */
    public static void takeNative(int mebibytes) {
        for (long taken = 0; taken < (long) mebibytes << 20; taken += BLOCK_BYTES) {
            call(
                    "setMemory",
                    new Class<?>[] {long.class, long.class, byte.class},
                    allocate(BLOCK_BYTES),
                    (long) BLOCK_BYTES,
                    (byte) 1);
        }
    }

    /** Asks for so much native memory at once, and touches none of it. */
    public static void askNative(long bytes) {
        KEPT.add(allocate(bytes));
    }

    /** Keeps direct buffers until there are no more. */
    public static void takeDirect() {
        while (true) {
            KEPT.add(ByteBuffer.allocateDirect(BLOCK_BYTES));
        }
    }

    /** Keeps arrays until the heap is full. */
    public static void takeHeap() {
        while (true) {
            KEPT.add(new byte[1 << 20]);
        }
    }

    /**
     * Starts threads that wait, until the system gives no more. Their stacks are large, so that an address space that is bounded
     * ends there and not in the middle of something else.
     */
    public static void takeThreads() {
        for (int threads = 0; threads < MOST_THREADS; threads++) {
            Thread thread = new Thread(null, Hunger::waitForEver, "hungry", STACK_BYTES);
            thread.setDaemon(true);
            thread.start();
        }
        throw new IllegalStateException("nothing kept it from starting " + MOST_THREADS + " threads");
    }

    private static void waitForEver() {
        while (true) {
            LockSupport.park();
        }
    }

    /** Loads ever more classes. */
    public static void takeMetaspace() throws IOException, IllegalAccessException {
        byte[] code;
        try (InputStream in = Hunger.class.getResourceAsStream("Hunger.class")) {
            if (in == null) {
                throw new IOException("the class has no file");
            }
            code = in.readAllBytes();
        }
        while (true) {
            KEPT.add(MethodHandles.lookup().defineHiddenClass(code, false).lookupClass());
        }
    }

    /** javac warns of every use of the class itself. */
    private static long call(String method, Class<?>[] types, Object... arguments) {
        try {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field field = type.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            Object result = type.getMethod(method, types).invoke(field.get(null), arguments);
            return result == null ? 0 : (Long) result;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new LinkageError("Unsafe refused", e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this JVM has no Unsafe", e);
        }
    }

    private static long allocate(long bytes) {
        return call("allocateMemory", new Class<?>[] {long.class}, bytes);
    }
}
