/** Jobs that are kept apart from this program: their class loader and the task that calls their methods. */
@NullMarked
package io.multijvm.worker.job;

import org.jspecify.annotations.NullMarked;
