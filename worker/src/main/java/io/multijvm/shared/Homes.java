// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where the handles of this JVM find their values. Static, for a handle that has just been decoded knows nobody here. */
final class Homes {
    private static final Map<Long, Shared.Home> HERE = new ConcurrentHashMap<>();
    private static volatile Shared.@Nullable Home elsewhere;

    private Homes() {}

    static void add(long number, Shared.Home home) {
        HERE.put(number, home);
    }

    static void remove(long number) {
        HERE.remove(number);
    }

    static void elsewhere(Shared.Home home) {
        elsewhere = home;
    }

    static Shared.@Nullable Home find(long number) {
        Shared.Home here = HERE.get(number);
        return here == null ? elsewhere : here;
    }
}
