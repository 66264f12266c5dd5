// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import io.multijvm.task.SerializableFunction;
import io.multijvm.task.TaskContext;
import java.util.Objects;

/** A task that goes wrong at one item, given by its place in the input, and is itself at all others. */
public final class FaultyTask implements SerializableFunction<Object, String> {
    private static final long serialVersionUID = 1;

    private final SerializableFunction<Object, String> task;
    private final Fault fault;
    private final long index;

    /** @param index the item's place in the input, from 0 */
    public FaultyTask(SerializableFunction<Object, String> task, Fault fault, long index) {
        this.task = Objects.requireNonNull(task, "task");
        this.fault = Objects.requireNonNull(fault, "fault");
        this.index = index;
    }

    @Override
    public String applyOrThrow(Object item) throws Exception {
        if (TaskContext.current().itemIndex() == index) {
            fault.strike();
        }
        return task.applyOrThrow(item);
    }
}
