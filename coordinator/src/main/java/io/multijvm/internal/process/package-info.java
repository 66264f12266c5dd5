/**
 * Worker JVMs as processes: how they are launched, where their files lie, how they end, and what their death tells.
 *
 * <p>For maintainers. Start at {@link io.multijvm.internal.process.WorkerLauncher}. Everything here may block on files and
 * processes: nothing may be called on the event loop, save where it says so.
 */
@NullMarked
package io.multijvm.internal.process;

import org.jspecify.annotations.NullMarked;
