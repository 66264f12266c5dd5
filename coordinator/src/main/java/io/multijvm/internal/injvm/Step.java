// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.task.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What a stream finds when it asks for the next outcome.
 *
 * @param kind what there is
 * @param outcome the outcome, if there is one
 * @param thrown what ended the stream before its time, if something did
 */
record Step<T extends @Nullable Object, R extends @Nullable Object>(
        Kind kind,
        @Nullable Outcome<T, R> outcome,
        @Nullable Throwable thrown) {
    enum Kind {
        OUTCOME,
        BROKEN,
        END,
        NOT_YET
    }

    static <T extends @Nullable Object, R extends @Nullable Object> Step<T, R> of(Outcome<T, R> outcome) {
        return new Step<>(Kind.OUTCOME, outcome, null);
    }

    static <T extends @Nullable Object, R extends @Nullable Object> Step<T, R> broken(Throwable thrown) {
        return new Step<>(Kind.BROKEN, null, thrown);
    }

    static <T extends @Nullable Object, R extends @Nullable Object> Step<T, R> end() {
        return new Step<>(Kind.END, null, null);
    }

    static <T extends @Nullable Object, R extends @Nullable Object> Step<T, R> notYet() {
        return new Step<>(Kind.NOT_YET, null, null);
    }
}
