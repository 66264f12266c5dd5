// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every failure that Multijvm reports. Unchecked. The message says what happened, to which item, and what to do next. */
public abstract class MultijvmException extends RuntimeException {
    private final FailureKind kind;
    /** Written once, before the exception is handed to the caller. */
    private @Nullable String key;

    MultijvmException(FailureKind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Why, to {@code switch} on. */
    public FailureKind kind() {
        return kind;
    }

    /** The item's name, where the call names its items. It stands before the message. */
    public Optional<String> key() {
        return Optional.ofNullable(key);
    }

    /**
     * For implementations of pools: names the item, before anybody else sees this.
     *
     * @return this
     */
    public final MultijvmException named(String itemsKey) {
        key = itemsKey;
        return this;
    }

    /** What happened, to which item, and what to do next; with the item's name before it, if it has one. */
    @Override
    public String getMessage() {
        String message = String.valueOf(super.getMessage());
        return key == null ? message : key + ": " + message;
    }

    /** All that is known of the death of a worker, where one died. */
    public Optional<CrashReport> report() {
        return Optional.empty();
    }
}
