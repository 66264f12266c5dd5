// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every failure that Multijvm reports. Unchecked. The message says what happened, to which item, and what to do next. */
public abstract class MultijvmException extends RuntimeException {
    private final FailureKind kind;
    /** Written once, before the exception is handed to the caller. */
    private @Nullable String key;
    /** Written before the exception is handed to the caller. Crosses to no other JVM. */
    private transient @Nullable ItemOutput output;

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

    /**
     * What the failed item had written to stdout and stderr; the last 64 KiB and 200 lines of each at most. Empty if it wrote
     * nothing, never began, or that is not known: see {@link ItemOutput}. Of an item that was begun several times, of the last
     * time.
     */
    public ItemOutput output() {
        return output == null ? ItemOutput.EMPTY : output;
    }

    /**
     * For implementations of pools: the item had written this, before anybody else sees this.
     *
     * @return this
     */
    public final MultijvmException printed(ItemOutput itemsOutput) {
        output = itemsOutput;
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
