// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

/**
 * A thread would wait for a shared lock, or for an own object's turn, for ever.
 *
 * <p>For a lock: for one that it holds itself and that is not re-entrant, or in a circle of
 * threads, of one process or of several, each of which holds what the next one waits for. The thread that closed the circle gets
 * this, without the lock that it asked for; it still holds the others, and the rest of the circle goes on when it releases them.
 * The message names all threads of the circle with their processes, and what each holds and wants.
 *
 * <p>For an object that {@code Manager.register} has made: one of its methods calls it through its proxy, or objects call each other in
 * a circle, within the manager's JVM. The method that closed the circle gets this; when it ends the others go on.
 *
 * <p>Only waits without a time are looked at. In a task that does not catch it, it fails the item as whatever a task throws.
 */
public final class DeadlockException extends MultijvmException {
    /**
     * For implementations.
     *
     * @param message who waits for whom
     */
    public DeadlockException(String message) {
        super(FailureKind.TASK, message, null);
    }
}
