// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.worker.job.ItemForm;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** Where a run's items come from. Iterated once, lazily, by one thread. */
interface Items extends Iterable<Object>, AutoCloseable {

    /** How many there will be, where that is known beforehand. */
    OptionalLong total();

    /** Whether such an item can become a method's parameter of this type. */
    Predicate<Class<?>> fits();

    /** How its items come to the task. */
    default ItemForm form() {
        return ItemForm.PLAIN;
    }

    /** Whether looking at the first of them takes nothing away from anybody. */
    default boolean canBeLookedAt() {
        return true;
    }

    /** What an item is, for messages: {@code line} or {@code number}. */
    String noun();

    /** The types that a method with several overloads is preferred for, best first. */
    Class<?>[] preferredTypes();

    /** What to do about a method that takes no such item. */
    default String advice() {
        return "let it take a " + preferredTypes()[0].getSimpleName();
    }

    /** The item in words, behind its index: {@code line 38: "3 5 9 1 4"}. */
    String describe(long index, Object item);

    /**
     * How a command names one item alone.
     *
     * @param feed a command whose output goes into its stdin; empty for none
     * @param arguments of it
     */
    record Alone(List<String> feed, List<String> arguments) {
        public Alone {
            feed = List.copyOf(feed);
            arguments = List.copyOf(arguments);
        }
    }

    /** How a command names this item and no other, where one can. */
    default Optional<Alone> alone(long index, Object item) {
        return Optional.empty();
    }

    /** Why the items ended too early, if they did: the sentence for the user. */
    Optional<String> failure();

    @Override
    void close() throws IOException;
}
