/**
 * What several processes use together.
 *
 * <p>For users who write tasks. Start at {@link io.multijvm.shared.Shared}.
 */
@NullMarked
package io.multijvm.shared;

import org.jspecify.annotations.NullMarked;
