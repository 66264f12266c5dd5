// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the object that keeps a graph from being encoded, whatever the codec: of an object that cannot be encoded, the first
 * part that by itself cannot is followed, down to one whose parts all can.
 *
 * <p>In a cycle a part may fail only because it leads back up. Such a part is no culprit: the search goes on beside it.
 */
final class CulpritFinder {
    private static final int MAX_DEPTH = 200;
    private static final int MAX_TRIALS = 1_000_000;
    private static final long MAX_NANOS = 2_000_000_000L;

    /**
     * @param value the object itself
     * @param path from the root down to it
     * @param thrown why it cannot be encoded
     * @param way the steps taken from the root to it, outermost first
     */
    record Culprit(Object value, String path, Throwable thrown, List<GraphParts.Part> way) {}

    private final Function<Object, @Nullable Throwable> encodeError;
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final long startedNanos = System.nanoTime();
    private int trials;

    CulpritFinder(Function<Object, @Nullable Throwable> encodeError) {
        this.encodeError = encodeError;
    }

    /** The culprit; the root itself if no part of it is one. */
    Culprit find(Object root, String rootName, Throwable thrown) {
        seen.add(root);
        Culprit found = below(root, rootName, thrown, List.of());
        return found != null ? found : new Culprit(root, rootName, thrown, List.of());
    }

    /** The culprit among the object and its parts; null if it may fail only for a way back to an object above. */
    private @Nullable Culprit below(Object failing, String path, Throwable thrown, List<GraphParts.Part> way) {
        boolean leadsBack = false;
        try (Stream<GraphParts.Part> parts = GraphParts.of(failing)) {
            Iterator<GraphParts.Part> each = parts.iterator();
            while (way.size() < MAX_DEPTH && mayGoOn() && each.hasNext()) {
                GraphParts.Part part = each.next();
                if (!GraphParts.isLeaf(part.value())) {
                    Throwable partThrown = seen.contains(part.value()) ? null : trial(part.value());
                    leadsBack |= seen.contains(part.value());
                    if (partThrown != null) {
                        seen.add(part.value());
                        Culprit found = below(part.value(), path + part.step(), partThrown, extended(way, part));
                        if (found != null) {
                            return found;
                        }
                        leadsBack = true;
                    }
                }
            }
        } catch (RuntimeException | StackOverflowError e) {
            // A collection of the user's that throws while it is read: what was found so far is still true.
            return new Culprit(failing, path, thrown, way);
        }
        return leadsBack ? null : new Culprit(failing, path, thrown, way);
    }

    private @Nullable Throwable trial(Object part) {
        trials++;
        return encodeError.apply(part);
    }

    private boolean mayGoOn() {
        return trials < MAX_TRIALS && System.nanoTime() - startedNanos < MAX_NANOS;
    }

    private static List<GraphParts.Part> extended(List<GraphParts.Part> way, GraphParts.Part part) {
        return Stream.concat(way.stream(), Stream.of(part)).collect(Collectors.toUnmodifiableList());
    }
}
