/**
 * What a task's own pool needs of the worker: a line to the coordinator, and an end for each item that asked. The pool
 * itself is in another module, of which nothing is loaded before a task asks for it.
 */
@NullMarked
package io.multijvm.worker.nested;

import org.jspecify.annotations.NullMarked;
