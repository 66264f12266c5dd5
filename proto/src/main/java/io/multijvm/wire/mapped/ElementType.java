// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What values and the elements of arrays are in memory that several processes map. All operations have the memory effects of
 * volatile variables. A value crosses as 64 bits: integers with their sign, doubles as {@link Double#doubleToRawLongBits}.
 * Places are multiples of {@link #bytes}, and the memory's length is a multiple of 8.
 */
public enum ElementType {
    LONG(3) {
        @Override
        public long getAndAdd(ByteBuffer memory, int at, long delta) {
            return Words.getAndAdd(memory, at, delta);
        }
    },

    DOUBLE(3) {
        @Override
        public long getAndAdd(ByteBuffer memory, int at, long delta) {
            while (true) {
                long before = Words.get(memory, at);
                double sum = Double.longBitsToDouble(before) + Double.longBitsToDouble(delta);
                if (Words.compareAndSet(memory, at, before, Double.doubleToRawLongBits(sum))) {
                    return before;
                }
            }
        }
    },

    INT(2) {
        @Override
        public long get(ByteBuffer memory, int at) {
            return (int) INTS.getVolatile(memory, at);
        }

        @Override
        public void set(ByteBuffer memory, int at, long bits) {
            INTS.setVolatile(memory, at, (int) bits);
        }

        @Override
        public boolean compareAndSet(ByteBuffer memory, int at, long expected, long bits) {
            return INTS.compareAndSet(memory, at, (int) expected, (int) bits);
        }

        @Override
        public long getAndSet(ByteBuffer memory, int at, long bits) {
            return (int) INTS.getAndSet(memory, at, (int) bits);
        }

        @Override
        public long getAndAdd(ByteBuffer memory, int at, long delta) {
            return (int) INTS.getAndAdd(memory, at, (int) delta);
        }

        @Override
        public void copy(ByteBuffer from, ByteBuffer to) {
            to.asIntBuffer().put(from.asIntBuffer());
        }
    },

    /** Compared and set as a part of the four bytes that it is in. */
    BYTE(0) {
        @Override
        public long get(ByteBuffer memory, int at) {
            byte value = memory.get(at);
            VarHandle.acquireFence();
            return value;
        }

        @Override
        public void set(ByteBuffer memory, int at, long bits) {
            VarHandle.releaseFence();
            memory.put(at, (byte) bits);
            VarHandle.fullFence();
        }

        @Override
        public boolean compareAndSet(ByteBuffer memory, int at, long expected, long bits) {
            int word = at & -Integer.BYTES;
            int shift = shift(at - word);
            while (true) {
                int before = (int) INTS.getVolatile(memory, word);
                if ((byte) (before >> shift) != (byte) expected) {
                    return false;
                }
                int after = (before & ~(0xff << shift)) | (((int) bits & 0xff) << shift);
                if (INTS.compareAndSet(memory, word, before, after)) {
                    return true;
                }
            }
        }

        @Override
        public long getAndSet(ByteBuffer memory, int at, long bits) {
            while (true) {
                long before = get(memory, at);
                if (compareAndSet(memory, at, before, bits)) {
                    return before;
                }
            }
        }

        @Override
        public long getAndAdd(ByteBuffer memory, int at, long delta) {
            while (true) {
                long before = get(memory, at);
                if (compareAndSet(memory, at, before, before + delta)) {
                    return before;
                }
            }
        }

        @Override
        public void copy(ByteBuffer from, ByteBuffer to) {
            to.put(from);
        }

        private int shift(int byteOfWord) {
            return Byte.SIZE
                    * (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                            ? byteOfWord
                            : Integer.BYTES - 1 - byteOfWord);
        }
    };

    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final int shift;

    ElementType(int shift) {
        this.shift = shift;
    }

    /** Its length is 2 to the power of this. */
    public int shift() {
        return shift;
    }

    /** Its length. */
    public int bytes() {
        return 1 << shift;
    }

    public long get(ByteBuffer memory, int at) {
        return Words.get(memory, at);
    }

    public void set(ByteBuffer memory, int at, long bits) {
        Words.set(memory, at, bits);
    }

    /** Compares the bits: two doubles may be equal and yet differ, as 0.0 and -0.0 do. */
    public boolean compareAndSet(ByteBuffer memory, int at, long expected, long bits) {
        return Words.compareAndSet(memory, at, expected, bits);
    }

    /** The value before. */
    public long getAndSet(ByteBuffer memory, int at, long bits) {
        return Words.getAndSet(memory, at, bits);
    }

    /** The value before. */
    public abstract long getAndAdd(ByteBuffer memory, int at, long delta);

    /** All that remains of the one into the other, each in its own byte order. Positions may move. */
    public void copy(ByteBuffer from, ByteBuffer to) {
        to.asLongBuffer().put(from.asLongBuffer());
    }
}
