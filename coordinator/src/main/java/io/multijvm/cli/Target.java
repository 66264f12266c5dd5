// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.task.SerializableFunction;

/** What a command says is run on every item: a method or a job of the jar. */
interface Target {

    /**
     * The task; nothing is started yet.
     *
     * @throws UsageException if the jar has no such thing, or it does not take such items
     */
    SerializableFunction<Object, String> resolve(JobJar jar, Items items);

    /**
     * The items that it knows itself, where the command does not say them.
     *
     * @throws UsageException if it knows none
     */
    Items ownItems(JobJar jar);
}
