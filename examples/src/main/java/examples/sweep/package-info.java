// SPDX-License-Identifier: Apache-2.0
/** One function over many cases: one varying argument, several, several with frozen ones. */
@NullMarked
package examples.sweep;

import org.jspecify.annotations.NullMarked;
