/**
 * What a task sees and is: the functional types that cross to a worker, their arguments, their outcomes, and the codec.
 *
 * <p>For users who write tasks. Start at {@link io.multijvm.task.SerializableFunction}.
 */
@NullMarked
package io.multijvm.task;

import org.jspecify.annotations.NullMarked;
