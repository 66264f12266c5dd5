// SPDX-License-Identifier: Apache-2.0
package io.multijvm.task;

/** Throws a checked exception through a method that does not declare it. */
final class Rethrow {
    private Rethrow() {}

    static RuntimeException asUnchecked(Exception e) {
        Rethrow.<RuntimeException>sneak(e);
        throw new AssertionError("thrown above", e);
    }

    @SuppressWarnings("unchecked") // the cast is erased: that is the trick
    private static <E extends Throwable> void sneak(Throwable e) throws E {
        throw (E) e;
    }
}
