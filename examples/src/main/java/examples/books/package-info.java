// SPDX-License-Identifier: Apache-2.0
/** Jobs on a table of who read which book: mean prices, shares of genres, and what one pass costs instead. */
@NullMarked
package examples.books;

import org.jspecify.annotations.NullMarked;
