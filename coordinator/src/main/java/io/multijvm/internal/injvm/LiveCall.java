// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.task.SerializableCallable;
import java.util.Optional;

/** A call that has not ended, as the pool sees it that wants to close. */
interface LiveCall {
    /** The pool closes: a lazy stream reads no further; other calls go on to their end. */
    default void readNoFurther() {}

    /** The pool is terminated: items are stopped, and whoever waits learns that the call was cancelled. */
    void cancel();

    /** The task of a submit that has not begun, and now never will. */
    default Optional<SerializableCallable<?>> drop() {
        return Optional.empty();
    }
}
