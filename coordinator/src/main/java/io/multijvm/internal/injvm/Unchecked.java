// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

/** Passes on what foreign code threw, as it is: an input may throw more than its signature says. */
final class Unchecked {
    private Unchecked() {}

    /** Throws its argument, always: with the return type callers need no further statement. */
    static RuntimeException rethrow(Throwable passedOn) {
        throw Unchecked.<RuntimeException>as(passedOn);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the cast is erased: that is the trick
    private static <E extends Throwable> E as(Throwable passedOn) throws E {
        throw (E) passedOn;
    }
}
