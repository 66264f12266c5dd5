// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.task.Args;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What consecutive values have in common, so that they can cross one behind the other: all of one boxed type, all strings, all
 * arrays of one primitive type, or all {@link Args} of two or three such. Immutable; its code names it in the other JVM.
 *
 * <p>Packed values are copies of the same bits, {@code -0.0} and every {@code NaN} included, and equal to what a codec would
 * have carried. Where it could be told apart they do not pack: {@code null}, an array that stands in both places of one
 * {@code Args}, and anything of more than {@value #MOST_LEAF_BYTES} bytes, for which a copy less saves nothing.
 */
public final class PackedType {
    /** Bytes that a value may take, and that {@link #write} needs in front of it. */
    public static final int MOST_BYTES = 3 * PackedType.MOST_LEAF_BYTES;

    static final int MOST_LEAF_BYTES = 4096;

    /** Every value takes a multiple of so many bytes, and at least once. */
    public static final int UNIT = 4;

    /** By the leaf's code, which counts from 1. */
    private static final PackedType[] SINGLE = Arrays.stream(PackedLeaf.values())
            .map(leaf -> new PackedType(leaf, null, null))
            .toArray(PackedType[]::new);

    private final PackedLeaf first;
    private final @Nullable PackedLeaf second;
    private final @Nullable PackedLeaf third;
    private final int code;
    private final int fixed;

    private PackedType(PackedLeaf first, @Nullable PackedLeaf second, @Nullable PackedLeaf third) {
        this.first = first;
        this.second = second;
        this.third = third;
        this.code = first.code() | (second == null ? 0 : second.code() << 8) | (third == null ? 0 : third.code() << 16);
        this.fixed = fixed(first, second, third);
    }

    private static int fixed(PackedLeaf first, @Nullable PackedLeaf second, @Nullable PackedLeaf third) {
        boolean same =
                first.fixed() > 0 && (second == null || second.fixed() > 0) && (third == null || third.fixed() > 0);
        return same ? first.fixed() + (second == null ? 0 : second.fixed()) + (third == null ? 0 : third.fixed()) : 0;
    }

    /** The type that this value packs as; null if it does not pack. It may still be too large for {@link #write}. */
    public static @Nullable PackedType of(@Nullable Object value) {
        if (value instanceof Args.Two<?, ?> two) {
            PackedLeaf a = PackedLeaf.of(two.first());
            PackedLeaf b = PackedLeaf.of(two.second());
            return a == null || b == null ? null : new PackedType(a, b, null);
        }
        if (value instanceof Args.Three<?, ?, ?> three) {
            PackedLeaf a = PackedLeaf.of(three.first());
            PackedLeaf b = PackedLeaf.of(three.second());
            PackedLeaf c = PackedLeaf.of(three.third());
            return a == null || b == null || c == null ? null : new PackedType(a, b, c);
        }
        PackedLeaf leaf = PackedLeaf.of(value);
        return leaf == null ? null : single(leaf);
    }

    /** The type of this code; null if there is none, whatever the code. */
    public static @Nullable PackedType ofCode(int code) {
        PackedLeaf a = PackedLeaf.ofCode(code & 0xff);
        PackedLeaf b = PackedLeaf.ofCode((code >>> 8) & 0xff);
        PackedLeaf c = PackedLeaf.ofCode(code >>> 16);
        if (a == null || (b == null && code >>> 8 != 0) || (c == null && code >>> 16 != 0)) {
            return null;
        }
        return b == null ? single(a) : new PackedType(a, b, c);
    }

    private static PackedType single(PackedLeaf leaf) {
        return SINGLE[leaf.code() - 1];
    }

    /** What names this type in the other JVM; positive. */
    public int code() {
        return code;
    }

    /** How many bytes each value takes; 0 if they differ. */
    public int fixed() {
        return fixed;
    }

    /** Whether the values are of one of the eight boxed types: of fixed size, and equal ones cannot be told apart. */
    public boolean isBoxed() {
        return second == null && fixed > 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PackedType type && type.code == code;
    }

    @Override
    public int hashCode() {
        return code;
    }

    @Override
    public String toString() {
        return "packed " + first + (second == null ? "" : ", " + second) + (third == null ? "" : ", " + third);
    }

    /**
     * Writes the value behind those before it.
     *
     * @param into has {@link #MOST_BYTES} left from {@code at} on, or {@link #fixed} where that is not 0
     * @return where it ends; -1 if it is not of this type or too large, with nothing said of what then lies there
     */
    public int write(@Nullable Object value, byte[] into, int at) {
        if (second == null) {
            return write(first, value, into, at);
        }
        if (third == null) {
            return value instanceof Args.Two<?, ?> two ? writeTwo(two, second, into, at) : -1;
        }
        return value instanceof Args.Three<?, ?, ?> three ? writeThree(three, second, third, into, at) : -1;
    }

    private int writeTwo(Args.Two<?, ?> two, PackedLeaf b, byte[] into, int at) {
        if (first.mutable() && two.first() == two.second()) {
            return -1;
        }
        int end = write(first, two.first(), into, at);
        return end < 0 ? -1 : write(b, two.second(), into, end);
    }

    private int writeThree(Args.Three<?, ?, ?> three, PackedLeaf b, PackedLeaf c, byte[] into, int at) {
        boolean twice = (first.mutable() && (three.first() == three.second() || three.first() == three.third()))
                || (b.mutable() && three.second() == three.third());
        int end = twice ? -1 : write(first, three.first(), into, at);
        end = end < 0 ? -1 : write(b, three.second(), into, end);
        return end < 0 ? -1 : write(c, three.third(), into, end);
    }

    private static int write(PackedLeaf leaf, @Nullable Object value, byte[] into, int at) {
        if (value == null || !leaf.takes(value)) {
            return -1;
        }
        long size = leaf.sizeOf(value);
        if (size > MOST_LEAF_BYTES) {
            return -1;
        }
        leaf.write(value, into, at);
        return at + (int) size;
    }

    /** Where the value that begins at {@code at} ends; -1 if it says that it goes beyond {@code limit}. */
    public int end(byte[] bytes, int at, int limit) {
        if (fixed > 0) {
            return at <= limit - fixed ? at + fixed : -1;
        }
        int end = end(first, bytes, at, limit);
        end = end < 0 || second == null ? end : end(second, bytes, end, limit);
        return end < 0 || third == null ? end : end(third, bytes, end, limit);
    }

    private static int end(PackedLeaf leaf, byte[] bytes, int at, int limit) {
        if (at > limit - UNIT) {
            return -1;
        }
        long size = leaf.size(bytes, at);
        return size <= limit - at ? at + (int) size : -1;
    }

    /** Fills the array with the values that begin at {@code at}, which are all there and of one {@link #fixed} size. */
    public void readMany(byte[] bytes, int at, @Nullable Object[] into) {
        if (second == null) {
            first.readMany(bytes, at, into);
            return;
        }
        for (int i = 0; i < into.length; i++) {
            into[i] = read(bytes, at + i * fixed);
        }
    }

    /** The value that begins at {@code at}, of which {@link #end} has found every byte. */
    Object read(byte[] bytes, int at) {
        Object a = first.read(bytes, at);
        if (second == null) {
            return a;
        }
        int next = at + (int) first.size(bytes, at);
        Object b = second.read(bytes, next);
        if (third == null) {
            return Args.of(a, b);
        }
        return Args.of(a, b, third.read(bytes, next + (int) second.size(bytes, next)));
    }
}
