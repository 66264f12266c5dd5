// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every failure that Multijvm reports. Unchecked. The message says what happened, to which item, and what to do next. */
public abstract class MultijvmException extends RuntimeException {
    private final FailureKind kind;

    MultijvmException(FailureKind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Why, to {@code switch} on. */
    public FailureKind kind() {
        return kind;
    }

    /** All that is known of the death of a worker, where one died. */
    public Optional<CrashReport> report() {
        return Optional.empty();
    }
}
