// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A way in which a job goes wrong, done on purpose, so that one can see what it costs. */
public enum Fault {
    /** The JVM ends at once, as after a call of {@code Runtime.halt} in a library. */
    HALT {
        @Override
        void strike() {
            Runtime.getRuntime().halt(HALT_CODE);
        }
    },
    /** The JVM crashes, as in a broken native library. */
    SEGV {
        @Override
        void strike() throws ReflectiveOperationException {
            // By reflection, for the compiler warns of Unsafe, and rightly.
            Class<?> type = Class.forName("sun.misc.Unsafe");
            Field field = type.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            type.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 0L, 0L);
        }
    },
    /** The heap is filled to its end. */
    OOM {
        @Override
        void strike() {
            Object[] chain = {};
            while (true) {
                chain = new Object[] {chain, new byte[BLOCK_BYTES]};
            }
        }
    },
    /** The item never ends and takes no notice of an interrupt. */
    HANG {
        @Override
        void strike() {
            while (true) {
                LockSupport.park(this);
                Thread.interrupted(); // else parking would return at once for ever after
            }
        }
    };

    private static final int HALT_CODE = 9;
    private static final int BLOCK_BYTES = 1 << 20;

    /** Does it, in this thread. */
    abstract void strike() throws ReflectiveOperationException;

    /** As the user writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The fault of that name. */
    public static Optional<Fault> named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst();
    }
}
