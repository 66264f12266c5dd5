// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.failure.PayloadException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What to tell of a value that could not be encoded: where in its graph the culprit sits, and what helps. */
final class EncodeFailure {
    private EncodeFailure() {}

    /**
     * @param encodeError why a value by itself cannot be encoded, null if it can
     */
    static PayloadException of(
            @Nullable Object value,
            String rootName,
            Throwable thrown,
            Function<Object, @Nullable Throwable> encodeError) {
        if (value == null) {
            return failure(rootName, "null", Throwables.reason(thrown), "use another codec", thrown);
        }
        Optional<TooLargeException> tooLarge = Throwables.find(thrown, TooLargeException.class);
        if (tooLarge.isPresent()) {
            String reason = String.valueOf(tooLarge.get().getMessage());
            return failure(rootName, ClassNames.readable(value), reason, EncodeAdvice.TOO_LARGE, thrown);
        }
        CulpritFinder.Culprit culprit = new CulpritFinder(encodeError).find(value, rootName, thrown);
        String reason =
                Throwables.find(culprit.thrown(), StackOverflowError.class).isPresent()
                        ? "it is nested too deeply for the thread's stack"
                        : Throwables.reason(culprit.thrown());
        String advice = EncodeAdvice.of(culprit);
        return failure(culprit.path(), ClassNames.readable(culprit.value()), reason, advice, thrown);
    }

    private static PayloadException failure(String path, String type, String reason, String advice, Throwable thrown) {
        String message = path + " (" + type + ") cannot cross to another JVM: " + reason + ". Next: " + advice;
        return new PayloadException(message, path, advice, thrown);
    }
}
