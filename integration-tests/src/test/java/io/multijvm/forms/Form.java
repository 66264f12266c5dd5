// SPDX-License-Identifier: Apache-2.0
package io.multijvm.forms;

import io.multijvm.Pool;
import org.jspecify.annotations.Nullable;

/**
 * One way to write something.
 *
 * @param name what it shows
 * @param program runs it; what it returns is compared
 * @param expected what it returns with every kind of pool
 * @param waits whether it looks at a task that runs, for which a serial pool leaves no time
 */
record Form(String name, Program program, @Nullable Object expected, boolean waits) {

    /** A program as a user would write it, with a pool at hand. */
    @FunctionalInterface
    interface Program {
        @Nullable
        Object run(Pool pool) throws Exception;
    }

    static Form of(String name, @Nullable Object expected, Program program) {
        return new Form(name, program, expected, false);
    }

    static Form whileItRuns(String name, @Nullable Object expected, Program program) {
        return new Form(name, program, expected, true);
    }

    @Override
    public String toString() {
        return name;
    }
}
