/**
 * What several processes use together.
 *
 * <p>For users who write tasks. Start at {@link io.multijvm.shared.Shared} and {@link io.multijvm.shared.SharedLock}.
 */
@NullMarked
package io.multijvm.shared;

import org.jspecify.annotations.NullMarked;
