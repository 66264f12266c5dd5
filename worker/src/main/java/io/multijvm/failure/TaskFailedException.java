// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

/**
 * The task threw. The cause is the task's own exception, or a {@link RemoteTaskException} where that cannot be rebuilt in
 * this JVM.
 */
public final class TaskFailedException extends MultijvmException {
    private final long index;

    public TaskFailedException(long index, String message, Throwable cause) {
        super(FailureKind.TASK, message, cause);
        this.index = index;
    }

    /** The item's place in the input, from 0. */
    public long index() {
        return index;
    }
}
