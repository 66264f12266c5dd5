// SPDX-License-Identifier: Apache-2.0
/**
 * Who was started by whom, told so that it can still be read when those who did it are dead: a process by its pid and the
 * moment of its start, and its offspring by a variable that children inherit.
 */
@NullMarked
package io.multijvm.wire.lineage;

import org.jspecify.annotations.NullMarked;
