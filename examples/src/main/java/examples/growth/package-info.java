// SPDX-License-Identifier: Apache-2.0
/** Serial against parallel as the input grows. */
@NullMarked
package examples.growth;

import org.jspecify.annotations.NullMarked;
