// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands for things elsewhere, by their keys: one for each, whoever asks. What was never used is forgotten with its last
 * reference, for whoever sends handles decides how many come here; what was is kept until it is removed. Thread-safe.
 *
 * <pre>
 *   none    --find----> weak      made for who asked first
 *   weak    --(last reference gone)--> none
 *   weak    --use-----> kept
 *   any     --keep----> kept
 *   weak, kept --remove--> none
 * </pre>
 */
final class KeptOnceUsed<K, V> {
    /** Each a {@code V} that is kept, or a {@link Weak} one. */
    private final Map<K, Object> all = new ConcurrentHashMap<>();

    private final ReferenceQueue<V> forgotten = new ReferenceQueue<>();

    private static final class Weak<K, V> extends WeakReference<V> {
        final K key;

        Weak(K key, V value, ReferenceQueue<V> queue) {
            super(value, queue);
            this.key = key;
        }
    }

    /**
     * The one there is.
     *
     * @param fits whether that is still the right one; if not, another takes its place
     * @param make makes one, also for nothing if another thread is quicker
     */
    V find(K key, Predicate<? super V> fits, Supplier<? extends V> make) {
        removeForgotten();
        V made = null;
        while (true) {
            Object before = all.get(key);
            V there = value(before);
            if (there != null && fits.test(there)) {
                return there;
            }
            if (made == null) {
                made = make.get();
            }
            Weak<K, V> weak = new Weak<>(key, made, forgotten);
            // in the place of nothing but what was seen not to do: of two for one thing, one would hear nothing
            if (before == null ? all.putIfAbsent(key, weak) == null : all.replace(key, before, weak)) {
                return made;
            }
        }
    }

    @Nullable
    V known(K key) {
        return value(all.get(key));
    }

    /** It is about to be used, and is kept if it is still the one. */
    void use(K key, V value) {
        all.computeIfPresent(key, (same, there) -> value(there) == value ? value : there);
    }

    /** It is the one from now on, and kept. */
    void keep(K key, V value) {
        all.put(key, value);
    }

    /** As {@link #keep}, but not in the place of another: it may have been removed just before, and another found since. */
    void keepIfNoOther(K key, V value) {
        all.compute(key, (same, there) -> {
            V one = value(there);
            return one == null || one == value ? value : there;
        });
    }

    /** It is no more the one, if it was. */
    void remove(K key, V value) {
        all.computeIfPresent(key, (same, there) -> value(there) == value ? null : there);
    }

    /** Those that are kept. */
    List<V> kept() {
        return values(false);
    }

    /** All of them, which are forgotten. */
    List<V> removeAll() {
        List<V> removed = values(true);
        all.clear();
        return removed;
    }

    /** How many there are, and what was left of others. */
    int size() {
        return all.size();
    }

    private List<V> values(boolean weakToo) {
        List<V> found = new ArrayList<>();
        for (Object there : all.values()) {
            V value = value(there);
            if (value != null && (weakToo || value == there)) {
                found.add(value);
            }
        }
        return found;
    }

    @SuppressWarnings("unchecked")
    private @Nullable V value(@Nullable Object there) {
        return there instanceof Weak ? ((Weak<K, V>) there).get() : (V) there;
    }

    @SuppressWarnings("unchecked")
    private void removeForgotten() {
        for (Reference<? extends V> gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
            all.remove(((Weak<K, V>) gone).key, gone);
        }
    }
}
