// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

import org.jspecify.annotations.Nullable;

/**
 * Stands for an exception of a task that cannot be rebuilt in this JVM: its class is missing or not allowed here, or it
 * does not cross. It has the original's frames, causes and suppressed exceptions.
 */
public final class RemoteTaskException extends RuntimeException {
    private final String className;
    private final @Nullable String remoteMessage;

    public RemoteTaskException(String className, @Nullable String remoteMessage, @Nullable Throwable cause) {
        super(remoteMessage == null ? className : className + ": " + remoteMessage, cause);
        this.className = className;
        this.remoteMessage = remoteMessage;
    }

    /** Class of the original exception. */
    public String className() {
        return className;
    }

    /** Message of the original exception. */
    public @Nullable String remoteMessage() {
        return remoteMessage;
    }
}
