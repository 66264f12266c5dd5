// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import java.io.IOException;
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
        public void strike() {
            Runtime.getRuntime().halt(HALT_CODE);
        }
    },
    /** The JVM crashes, as in a broken native library. */
    SEGV {
        @Override
        public void strike() throws ReflectiveOperationException {
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
        public void strike() {
            Object[] chain = {};
            while (true) {
                chain = new Object[] {chain, new byte[BLOCK_BYTES]};
            }
        }
    },
    /** The JVM is asked to end, as after a call of {@code System.exit} in a library: its shutdown hooks run. */
    EXIT {
        @Override
        public void strike() {
            Runtime.getRuntime().exit(EXIT_CODE);
        }
    },
    /** The process is killed, as by the kernel or an administrator. Where there are no signals, as {@link #HALT}. */
    KILL {
        @Override
        public void strike() throws ReflectiveOperationException, InterruptedException {
            raise("KILL");
            HALT.strike();
        }
    },
    /** The process is stopped, as by a debugger or {@code kill -STOP}. Where there are no signals it hangs. */
    STOP {
        @Override
        public void strike() throws ReflectiveOperationException, InterruptedException {
            raise("STOP");
            // whoever lets it go on finds it here
            HANG.strike();
        }
    },
    /** The item never ends and takes no notice of an interrupt. */
    HANG {
        @Override
        public void strike() {
            while (true) {
                LockSupport.park(this);
                Thread.interrupted(); // else parking would return at once for ever after
            }
        }
    };

    private static final int HALT_CODE = 9;
    private static final int EXIT_CODE = 7;
    private static final int BLOCK_BYTES = 1 << 20;

    /** Does it, in this thread. */
    public abstract void strike() throws ReflectiveOperationException, InterruptedException;

    /** Has this process sent a signal, for a JVM cannot send itself these. Waits until it is hit, or the signal cannot be sent. */
    private static void raise(String signal) throws InterruptedException {
        try {
            new ProcessBuilder(
                            "kill",
                            "-" + signal,
                            Long.toString(ProcessHandle.current().pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            // there is no such program: what follows does as well as it can
        }
    }

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
