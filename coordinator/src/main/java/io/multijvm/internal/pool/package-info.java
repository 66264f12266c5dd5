/** Puts a pool of processes together: the whole way of a task, in one place. */
@NullMarked
package io.multijvm.internal.pool;

import org.jspecify.annotations.NullMarked;
