// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A list of numbers, characters or truth values of one class, kept as they crossed: four or eight bytes each, which no
 * collector has to copy or to follow, where a list of objects takes twenty to thirty. Each {@link #get} makes an object, as
 * boxing does. Of fixed size; a {@link #set} turns it into a list of objects. As thread-safe as an
 * {@code Arrays.asList}: threads may set different elements at the same time.
 */
public final class PackedList extends AbstractList<@Nullable Object> implements RandomAccess, Serializable {
    private static final long serialVersionUID = 1;

    private final transient PackedType type;
    private final transient int size;
    /** All values; of no use once they are objects, and then null. */
    private transient volatile byte @Nullable [] packed;
    /** What the values are once somebody has set one: written once, under the lock, before {@link #packed} is taken away. */
    private transient volatile @Nullable Object @Nullable [] objects;

    /**
     * The values in these bytes, which belong to the list from now on.
     *
     * @param type a {@linkplain PackedType#isBoxed() boxed} one
     * @throws IllegalArgumentException if the bytes cannot be so many values
     */
    public PackedList(PackedType type, byte[] packed, int size) {
        if (!type.isBoxed() || size < 0 || (long) size * type.fixed() != packed.length) {
            throw new IllegalArgumentException(packed.length + " bytes for " + size + " values, each " + type);
        }
        this.type = type;
        this.size = size;
        this.packed = packed;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public @Nullable Object get(int index) {
        Objects.checkIndex(index, size);
        byte[] bytes = packed;
        return bytes == null ? Objects.requireNonNull(objects)[index] : type.read(bytes, index * type.fixed());
    }

    @Override
    public @Nullable Object set(int index, @Nullable Object value) {
        Objects.checkIndex(index, size);
        Object[] all = asObjects();
        Object before = all[index];
        all[index] = value;
        return before;
    }

    private @Nullable Object[] asObjects() {
        Object[] known = objects;
        if (known == null) {
            synchronized (this) {
                known = objects;
                if (known == null) {
                    known = unpacked(Objects.requireNonNull(packed));
                    objects = known;
                    packed = null;
                }
            }
        }
        return known;
    }

    @Override
    public @Nullable Object[] toArray() {
        byte[] bytes = packed;
        return bytes == null ? Objects.requireNonNull(objects).clone() : unpacked(bytes);
    }

    @Override
    public void forEach(Consumer<? super @Nullable Object> action) {
        Objects.requireNonNull(action, "action");
        for (int i = 0; i < size; i++) {
            action.accept(get(i));
        }
    }

    private @Nullable Object[] unpacked(byte[] bytes) {
        Object[] all = new Object[size];
        type.readMany(bytes, 0, all);
        return all;
    }

    /** What crosses, or is stored, is a list that everybody knows. */
    private Object writeReplace() {
        return new ArrayList<>(this);
    }
}
