// SPDX-License-Identifier: Apache-2.0
/**
 * Shared objects under many threads, by jcstress and Lincheck. Compiled and run by the Maven profile {@code stress} alone.
 */
@NullMarked
package io.multijvm.stress;

import org.jspecify.annotations.NullMarked;
