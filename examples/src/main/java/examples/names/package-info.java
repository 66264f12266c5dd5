// SPDX-License-Identifier: Apache-2.0
/** A job on a list of names. */
@NullMarked
package examples.names;

import org.jspecify.annotations.NullMarked;
