// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A class whose objects are written one behind the other without a word about their class. Everything takes a multiple of four
 * bytes, little-endian: a number of up to 32 bits takes four, one of 64 eight; an array has its length before it, a string its
 * length and whether its characters take one byte or two. Floating-point numbers keep every bit.
 *
 * <p>What is read is believed in nothing: {@link #size} says how many bytes the value that begins there claims, which the
 * caller checks before {@link #read}.
 */
enum PackedLeaf {
    INT(1, Integer.class, 4, false) {
        @Override
        void write(Object value, byte[] into, int at) {
            INTS.set(into, at, (int) (Integer) value);
        }

        @Override
        Object read(byte[] bytes, int at) {
            return (int) INTS.get(bytes, at);
        }

        @Override
        void readMany(byte[] bytes, int at, @Nullable Object[] into) {
            for (int i = 0; i < into.length; i++) {
                into[i] = (int) INTS.get(bytes, at + 4 * i);
            }
        }
    },
    LONG(2, Long.class, 8, false) {
        @Override
        void write(Object value, byte[] into, int at) {
            LONGS.set(into, at, (long) (Long) value);
        }

        @Override
        Object read(byte[] bytes, int at) {
            return (long) LONGS.get(bytes, at);
        }

        @Override
        void readMany(byte[] bytes, int at, @Nullable Object[] into) {
            for (int i = 0; i < into.length; i++) {
                into[i] = (long) LONGS.get(bytes, at + 8 * i);
            }
        }
    },
    DOUBLE(3, Double.class, 8, false) {
        @Override
        void write(Object value, byte[] into, int at) {
            LONGS.set(into, at, Double.doubleToRawLongBits((Double) value));
        }

        @Override
        Object read(byte[] bytes, int at) {
            return Double.longBitsToDouble((long) LONGS.get(bytes, at));
        }

        @Override
        void readMany(byte[] bytes, int at, @Nullable Object[] into) {
            for (int i = 0; i < into.length; i++) {
                into[i] = Double.longBitsToDouble((long) LONGS.get(bytes, at + 8 * i));
            }
        }
    },
    FLOAT(4, Float.class, 4, false) {
        @Override
        void write(Object value, byte[] into, int at) {
            INTS.set(into, at, Float.floatToRawIntBits((Float) value));
        }

        @Override
        Object read(byte[] bytes, int at) {
            return Float.intBitsToFloat((int) INTS.get(bytes, at));
        }
    },
    SHORT(5, Short.class, 4, false) {
        @Override
        void write(Object value, byte[] into, int at) {
            INTS.set(into, at, (int) (Short) value);
        }

        @Override
        Object read(byte[] bytes, int at) {
            return (short) (int) INTS.get(bytes, at);
        }
    },
    BYTE(6, Byte.class, 4, false) {
        @Override
        void write(Object value, byte[] into, int at) {
            INTS.set(into, at, (int) (Byte) value);
        }

        @Override
        Object read(byte[] bytes, int at) {
            return (byte) (int) INTS.get(bytes, at);
        }
    },
    CHARACTER(7, Character.class, 4, false) {
        @Override
        void write(Object value, byte[] into, int at) {
            INTS.set(into, at, (int) (Character) value);
        }

        @Override
        Object read(byte[] bytes, int at) {
            return (char) (int) INTS.get(bytes, at);
        }
    },
    BOOLEAN(8, Boolean.class, 4, false) {
        @Override
        void write(Object value, byte[] into, int at) {
            INTS.set(into, at, (Boolean) value ? 1 : 0);
        }

        @Override
        Object read(byte[] bytes, int at) {
            return (int) INTS.get(bytes, at) != 0;
        }
    },
    STRING(9, String.class, 0, false) {
        @Override
        long sizeOf(Object value) {
            String text = (String) value;
            return padded(text.length() * (isLatin1(text) ? 1L : 2L));
        }

        @Override
        @SuppressWarnings(
                "deprecation") // it drops the upper halves, which are known to be zero, and copies nothing twice
        void write(Object value, byte[] into, int at) {
            String text = (String) value;
            int length = text.length();
            boolean latin1 = isLatin1(text);
            INTS.set(into, at, (length << 1) | (latin1 ? 0 : 1));
            if (latin1) {
                text.getBytes(0, length, into, at + LENGTH);
                return;
            }
            for (int i = 0; i < length; i++) {
                CHARS.set(into, at + LENGTH + 2 * i, text.charAt(i));
            }
        }

        @Override
        long size(byte[] bytes, int at) {
            int head = (int) INTS.get(bytes, at);
            return padded((head >>> 1) * ((head & 1) + 1L));
        }

        @Override
        Object read(byte[] bytes, int at) {
            int head = (int) INTS.get(bytes, at);
            int length = head >>> 1;
            if ((head & 1) == 0) {
                return new String(bytes, at + LENGTH, length, StandardCharsets.ISO_8859_1);
            }
            char[] chars = new char[length];
            for (int i = 0; i < length; i++) {
                chars[i] = (char) CHARS.get(bytes, at + LENGTH + 2 * i);
            }
            return new String(chars);
        }
    },
    INT_ARRAY(10, int[].class, 0, true) {
        @Override
        long sizeOf(Object value) {
            return padded(4L * ((int[]) value).length);
        }

        @Override
        void write(Object value, byte[] into, int at) {
            int[] array = (int[]) value;
            INTS.set(into, at, array.length);
            for (int i = 0; i < array.length; i++) {
                INTS.set(into, at + LENGTH + 4 * i, array[i]);
            }
        }

        @Override
        long size(byte[] bytes, int at) {
            return arraySize(bytes, at, 4);
        }

        @Override
        Object read(byte[] bytes, int at) {
            int[] array = new int[(int) INTS.get(bytes, at)];
            for (int i = 0; i < array.length; i++) {
                array[i] = (int) INTS.get(bytes, at + LENGTH + 4 * i);
            }
            return array;
        }
    },
    LONG_ARRAY(11, long[].class, 0, true) {
        @Override
        long sizeOf(Object value) {
            return padded(8L * ((long[]) value).length);
        }

        @Override
        void write(Object value, byte[] into, int at) {
            long[] array = (long[]) value;
            INTS.set(into, at, array.length);
            for (int i = 0; i < array.length; i++) {
                LONGS.set(into, at + LENGTH + 8 * i, array[i]);
            }
        }

        @Override
        long size(byte[] bytes, int at) {
            return arraySize(bytes, at, 8);
        }

        @Override
        Object read(byte[] bytes, int at) {
            long[] array = new long[(int) INTS.get(bytes, at)];
            for (int i = 0; i < array.length; i++) {
                array[i] = (long) LONGS.get(bytes, at + LENGTH + 8 * i);
            }
            return array;
        }
    },
    DOUBLE_ARRAY(12, double[].class, 0, true) {
        @Override
        long sizeOf(Object value) {
            return padded(8L * ((double[]) value).length);
        }

        @Override
        void write(Object value, byte[] into, int at) {
            double[] array = (double[]) value;
            INTS.set(into, at, array.length);
            for (int i = 0; i < array.length; i++) {
                LONGS.set(into, at + LENGTH + 8 * i, Double.doubleToRawLongBits(array[i]));
            }
        }

        @Override
        long size(byte[] bytes, int at) {
            return arraySize(bytes, at, 8);
        }

        @Override
        Object read(byte[] bytes, int at) {
            double[] array = new double[(int) INTS.get(bytes, at)];
            for (int i = 0; i < array.length; i++) {
                array[i] = Double.longBitsToDouble((long) LONGS.get(bytes, at + LENGTH + 8 * i));
            }
            return array;
        }
    },
    FLOAT_ARRAY(13, float[].class, 0, true) {
        @Override
        long sizeOf(Object value) {
            return padded(4L * ((float[]) value).length);
        }

        @Override
        void write(Object value, byte[] into, int at) {
            float[] array = (float[]) value;
            INTS.set(into, at, array.length);
            for (int i = 0; i < array.length; i++) {
                INTS.set(into, at + LENGTH + 4 * i, Float.floatToRawIntBits(array[i]));
            }
        }

        @Override
        long size(byte[] bytes, int at) {
            return arraySize(bytes, at, 4);
        }

        @Override
        Object read(byte[] bytes, int at) {
            float[] array = new float[(int) INTS.get(bytes, at)];
            for (int i = 0; i < array.length; i++) {
                array[i] = Float.intBitsToFloat((int) INTS.get(bytes, at + LENGTH + 4 * i));
            }
            return array;
        }
    },
    BYTE_ARRAY(14, byte[].class, 0, true) {
        @Override
        long sizeOf(Object value) {
            return padded(((byte[]) value).length);
        }

        @Override
        void write(Object value, byte[] into, int at) {
            byte[] array = (byte[]) value;
            INTS.set(into, at, array.length);
            System.arraycopy(array, 0, into, at + LENGTH, array.length);
        }

        @Override
        long size(byte[] bytes, int at) {
            return arraySize(bytes, at, 1);
        }

        @Override
        Object read(byte[] bytes, int at) {
            byte[] array = new byte[(int) INTS.get(bytes, at)];
            System.arraycopy(bytes, at + LENGTH, array, 0, array.length);
            return array;
        }
    };

    private static final int LENGTH = 4;
    private static final int LAST_LATIN1 = 0xff;
    private static final PackedLeaf[] ALL = values();

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle CHARS = MethodHandles.byteArrayViewVarHandle(char[].class, ByteOrder.LITTLE_ENDIAN);

    private final int code;
    private final Class<?> type;
    private final int fixed;
    private final boolean mutable;

    /**
     * @param code what crosses
     * @param fixed how many bytes each value takes; 0 if they differ
     * @param mutable whether it matters that two references are to the same object
     */
    PackedLeaf(int code, Class<?> type, int fixed, boolean mutable) {
        this.code = code;
        this.type = type;
        this.fixed = fixed;
        this.mutable = mutable;
    }

    int code() {
        return code;
    }

    int fixed() {
        return fixed;
    }

    boolean mutable() {
        return mutable;
    }

    boolean takes(@Nullable Object value) {
        return value != null && value.getClass() == type;
    }

    /** Bytes that a value of this class takes. */
    long sizeOf(Object value) {
        return fixed;
    }

    /** Writes what {@link #sizeOf} said; what fills up to a multiple of four is left as it is. */
    abstract void write(Object value, byte[] into, int at);

    /** Bytes that the value at that place takes by its own word; its first four bytes are there. */
    long size(byte[] bytes, int at) {
        return fixed;
    }

    /** The value at that place, all of whose bytes are there. */
    abstract Object read(byte[] bytes, int at);

    /** Fills the array with the values that follow each other from that place on; of {@link #fixed} size, and all there. */
    void readMany(byte[] bytes, int at, @Nullable Object[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = read(bytes, at + i * fixed);
        }
    }

    /** The leaf of this code; null if there is none. */
    static @Nullable PackedLeaf ofCode(int code) {
        return code < 1 || code > ALL.length ? null : ALL[code - 1];
    }

    /** The leaf for this value; null if there is none. */
    static @Nullable PackedLeaf of(@Nullable Object value) {
        for (PackedLeaf leaf : ALL) {
            if (leaf.takes(value)) {
                return leaf;
            }
        }
        return null;
    }

    private static long padded(long bytes) {
        return LENGTH + ((bytes + 3) & ~3L);
    }

    /** More than any caller has, where the length is a lie. */
    private static long arraySize(byte[] bytes, int at, int each) {
        int length = (int) INTS.get(bytes, at);
        return length < 0 ? Long.MAX_VALUE : padded((long) each * length);
    }

    private static boolean isLatin1(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > LAST_LATIN1) {
                return false;
            }
        }
        return true;
    }
}
