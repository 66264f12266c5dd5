// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import io.multijvm.codec.PackedList;
import io.multijvm.codec.PackedType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The results of a list, each at its place, in whatever order they come. Owned by whoever drains the call.
 *
 * <pre>
 * EMPTY    -- results of one boxed type ------> PACKED   they stay as they crossed: nothing is unpacked, nothing to collect
 * EMPTY    -- anything else ------------------> OBJECTS
 * PACKED   -- a result of another type -------> OBJECTS
 * </pre>
 */
final class GatheredResults {
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    /** Places; more are made where more come. */
    private int places;

    private @Nullable PackedType type;
    private byte @Nullable [] packed;
    private @Nullable Object @Nullable [] objects;

    /** @param expected how many there will be, if that is known; else 0 */
    GatheredResults(int expected) {
        this.places = expected;
    }

    /** Puts in one result. */
    void put(long index, @Nullable Object result) {
        int at = makeRoom(index, 1);
        if (objects == null && accepts(PackedType.of(result))) {
            var unused = Objects.requireNonNull(type).write(result, Objects.requireNonNull(packed), at * type.fixed());
        } else {
            objects()[at] = result;
        }
    }

    /** Puts in all results of a run. */
    void put(RawRun run) {
        int at = makeRoom(run.index(), run.count());
        if (objects == null && accepts(run.type())) {
            run.copyInto(Objects.requireNonNull(packed), at * run.type().fixed());
        } else {
            run.openInto(objects(), at);
        }
    }

    /** Whether such results can stay packed with those that came before; not asked once there are objects. */
    private boolean accepts(@Nullable PackedType of) {
        if (type != null) {
            return type.equals(of);
        }
        if (of == null || !of.isBoxed() || (long) places * of.fixed() > LARGEST_ARRAY) {
            return false;
        }
        type = of;
        packed = new byte[places * of.fixed()];
        return true;
    }

    private @Nullable Object[] objects() {
        if (objects == null) {
            objects = new Object[places];
            if (type != null && packed != null) {
                // places that nothing came for yet get a value that what comes overwrites
                type.readMany(packed, 0, objects);
                packed = null;
            }
        }
        return objects;
    }

    /** Where the first of so many results belongs. */
    private int makeRoom(long index, int count) {
        if (index + count > LARGEST_ARRAY) {
            throw new IllegalStateException(
                    "a list holds at most " + LARGEST_ARRAY + " results; use imap, which hands them out one by one");
        }
        int end = (int) index + count;
        if (end > places) {
            int grown = places < LARGEST_ARRAY / 3 * 2 ? places + (places >> 1) : LARGEST_ARRAY;
            int wanted = Math.max(end, grown);
            if (type != null && (long) wanted * type.fixed() > LARGEST_ARRAY) {
                var unused = objects();
            }
            places = wanted;
            if (objects != null) {
                objects = Arrays.copyOf(objects, wanted);
            } else if (type != null && packed != null) {
                packed = Arrays.copyOf(packed, wanted * type.fixed());
            }
        }
        return (int) index;
    }

    /** The first {@code count} results, which must all be there; this is of no use afterwards. */
    @SuppressWarnings("unchecked") // the workers ran the caller's own function, whose result type R is
    <R extends @Nullable Object> List<R> asList(int count) {
        if (objects == null && type != null && packed != null) {
            int bytes = count * type.fixed();
            byte[] all = packed.length == bytes ? packed : Arrays.copyOf(packed, bytes);
            return (List<R>) new PackedList(type, all, count);
        }
        @Nullable Object[] all = objects();
        return (List<R>) Arrays.asList(all.length == count ? all : Arrays.copyOf(all, count));
    }
}
