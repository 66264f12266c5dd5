/**
 * In a worker: the pool that runs the calling task, as the task sees it. Nothing here is loaded before a task asks for it.
 * Calls go over the worker's own stream to the coordinator, where they are calls like any other.
 */
@NullMarked
package io.multijvm.internal.nested;

import org.jspecify.annotations.NullMarked;
