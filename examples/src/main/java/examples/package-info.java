/** Jobs for {@code multijvm run}: public static methods of one parameter, in classes that know nothing of Multijvm. */
@NullMarked
package examples;

import org.jspecify.annotations.NullMarked;
