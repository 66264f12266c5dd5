// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** Where a run's items come from. Iterated once, lazily, by one thread. */
interface Items extends Iterable<Object>, AutoCloseable {

    /** How many there will be, where that is known beforehand. */
    OptionalLong total();

    /** Whether such an item can become a method's parameter of this type. */
    Predicate<Class<?>> fits();

    /** What an item is, for messages: {@code line} or {@code number}. */
    String noun();

    /** The types that a method with several overloads is preferred for, best first. */
    Class<?>[] preferredTypes();

    /** The item in words, behind its index: {@code line 38: "3 5 9 1 4"}. */
    String describe(long index, Object item);

    /** Why the items ended too early, if they did: the sentence for the user. */
    Optional<String> failure();

    @Override
    void close() throws IOException;
}
