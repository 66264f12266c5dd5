// SPDX-License-Identifier: Apache-2.0
/**
 * Jobs for {@code multijvm run}: public static methods of one parameter, in classes that know nothing of Multijvm. Only
 * {@code examples.api}, the same jobs as programs on the library, does.
 */
@NullMarked
package examples;

import org.jspecify.annotations.NullMarked;
