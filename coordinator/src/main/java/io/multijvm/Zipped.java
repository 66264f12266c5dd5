// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.task.Args;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Several inputs as one, whose items hold one of each; read lazily together, and over when the first of them is. */
final class Zipped {
    private Zipped() {}

    static <A extends @Nullable Object, B extends @Nullable Object> Iterable<Args.Two<A, B>> of(
            Iterable<? extends A> firsts, Iterable<? extends B> seconds) {
        Objects.requireNonNull(firsts, "firsts");
        Objects.requireNonNull(seconds, "seconds");
        Iterable<Args.Two<A, B>> pairs = () -> {
            Iterator<? extends A> first = firsts.iterator();
            Iterator<? extends B> second = seconds.iterator();
            return new Together<>(List.of(first, second), () -> Args.<A, B>of(first.next(), second.next()));
        };
        return sized(pairs, List.of(firsts, seconds));
    }

    static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
            Iterable<Args.Three<A, B, C>> of(
                    Iterable<? extends A> firsts, Iterable<? extends B> seconds, Iterable<? extends C> thirds) {
        Objects.requireNonNull(firsts, "firsts");
        Objects.requireNonNull(seconds, "seconds");
        Objects.requireNonNull(thirds, "thirds");
        Iterable<Args.Three<A, B, C>> triples = () -> {
            Iterator<? extends A> first = firsts.iterator();
            Iterator<? extends B> second = seconds.iterator();
            Iterator<? extends C> third = thirds.iterator();
            return new Together<>(
                    List.of(first, second, third), () -> Args.<A, B, C>of(first.next(), second.next(), third.next()));
        };
        return sized(triples, List.of(firsts, seconds, thirds));
    }

    /** A collection where all inputs are, so that chunks can be a fair share of what is left. */
    private static <T> Iterable<T> sized(Iterable<T> items, List<Iterable<?>> inputs) {
        if (!inputs.stream().allMatch(Collection.class::isInstance)) {
            return items;
        }
        return new AbstractCollection<T>() {
            @Override
            public Iterator<T> iterator() {
                return items.iterator();
            }

            @Override
            public int size() {
                return inputs.stream()
                        .mapToInt(input -> ((Collection<?>) input).size())
                        .min()
                        .orElse(0);
            }
        };
    }

    /** Has a next item as long as each input has one; asks them in their order, and takes from none if one has not. */
    private static final class Together<T> implements Iterator<T> {
        private final List<Iterator<?>> inputs;
        private final Supplier<T> next;

        Together(List<Iterator<?>> inputs, Supplier<T> next) {
            this.inputs = inputs;
            this.next = next;
        }

        @Override
        public boolean hasNext() {
            for (Iterator<?> input : inputs) {
                if (!input.hasNext()) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public T next() {
            return next.get();
        }
    }
}
