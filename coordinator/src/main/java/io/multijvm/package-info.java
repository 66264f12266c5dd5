/**
 * Pools of worker JVMs, and pools of threads to compare them with.
 *
 * <p>For users in the coordinator. Start at {@link io.multijvm.Pool}.
 */
@NullMarked
package io.multijvm;

import org.jspecify.annotations.NullMarked;
