// SPDX-License-Identifier: Apache-2.0
/** A seeded generator of all the data that the examples read: the same seed, the same bytes. */
@NullMarked
package examples.data;

import org.jspecify.annotations.NullMarked;
