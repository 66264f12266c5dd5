// SPDX-License-Identifier: Apache-2.0
/** The same jobs as short programs on the library; the only package here that knows Multijvm. */
@NullMarked
package examples.api;

import org.jspecify.annotations.NullMarked;
