/**
 * Pools of worker JVMs, and pools of threads to compare them with; processes of their own, one for each task.
 *
 * <p>For users in the coordinator. Start at {@link io.multijvm.Pool} or {@link io.multijvm.WorkerProcess}.
 */
@NullMarked
package io.multijvm;

import org.jspecify.annotations.NullMarked;
