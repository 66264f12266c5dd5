// SPDX-License-Identifier: Apache-2.0
package examples;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * Squares numbers, but not all of them: one item crashes in native code, one halts its JVM, one exits, one hangs, one fills
 * the heap, one throws. In worker JVMs each costs only itself; in threads the first of them costs the whole run.
 *
 * <pre>multijvm run multijvm-examples.jar --call examples.Faulty::square --range 0..100 --retries 0 --heap 64m --timeout 2s</pre>
 */
public final class Faulty {
    /** The item that writes to an address that is not there. */
    public static final long SEGFAULTS = 37;
    /** The item that halts its JVM. */
    public static final long HALTS = 51;
    /** The item that calls {@code System.exit(3)}. */
    public static final long EXITS = 64;
    /** The item that never ends. */
    public static final long HANGS = 71;
    /** The item that fills the heap. */
    public static final long FILLS_THE_HEAP = 78;
    /** The item that throws. */
    public static final long THROWS = 90;

    private static final int BLOCK_BYTES = 1 << 20;

    private Faulty() {}

    /** The square of a number, if it is one of the peaceful ones. */
    public static long square(long number) throws ReflectiveOperationException {
        if (number == SEGFAULTS) {
            segfault();
        } else if (number == HALTS) {
            Runtime.getRuntime().halt(1);
        } else if (number == EXITS) {
            System.exit(3);
        } else if (number == HANGS) {
            hang();
        } else if (number == FILLS_THE_HEAP) {
            fillTheHeap();
        } else if (number == THROWS) {
            throw new IllegalStateException("I do not like " + number);
        }
        return number * number;
    }

    /** Crashes as a broken native library would. By reflection, for the compiler warns of Unsafe, and rightly. */
    private static void segfault() throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        Method putAddress = type.getMethod("putAddress", long.class, long.class);
        putAddress.invoke(field.get(null), 0L, 0L);
    }

    /** Takes no notice of an interrupt, as a loop that has gone wrong does not. */
    private static void hang() {
        while (true) {
            Thread.onSpinWait();
        }
    }

    private static void fillTheHeap() {
        Object[] chain = {};
        while (true) {
            chain = new Object[] {chain, new byte[BLOCK_BYTES]};
        }
    }
}
