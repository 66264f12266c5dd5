// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.submit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What is known of inputs by their class. */
final class Inputs {
    /** The JDK's own, which hold their elements; not its views of others, which are as quick as what they look at. */
    private static final Set<Class<?>> HOLDERS = Set.of(
            ArrayList.class,
            LinkedList.class,
            ArrayDeque.class,
            HashSet.class,
            LinkedHashSet.class,
            TreeSet.class,
            Arrays.asList(1).getClass(),
            List.of(1).getClass(),
            List.of(1, 2, 3).getClass());

    private Inputs() {}

    /** Whether its iterator never makes its user wait, so that he may hold a lock meanwhile. */
    static boolean neverWaits(Iterable<?> items) {
        return HOLDERS.contains(items.getClass());
    }
}
