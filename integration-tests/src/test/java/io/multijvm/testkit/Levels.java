// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Pool;
import java.util.List;

/** Tasks that give work to the pool that runs them. */
public final class Levels {
    private Levels() {}

    /** A call inside of a call, so many deep; how many there were. */
    public static int down(int depth) {
        return depth == 0 ? 0 : 1 + Pool.current().<Integer>apply(() -> down(depth - 1));
    }

    /** Each gives two, so many deep; how many leaves there were. */
    public static int tree(int depth) {
        return depth == 0
                ? 1
                : Pool.current().map(Levels::tree, List.of(depth - 1, depth - 1)).stream()
                        .mapToInt(leaves -> leaves)
                        .sum();
    }

    /** Goes down until it is not let any further: how deep that is, and in which words it is said. */
    public static String deepest(int depth) {
        try {
            return Pool.current().<String>apply(() -> deepest(depth + 1));
        } catch (IllegalStateException e) {
            return depth + ": " + e.getMessage();
        }
    }
}
