/**
 * What {@code multijvm compare} measures: trials in JVMs of their own, what they used, what their figures allow one to say,
 * and how that is written down. Knows nothing of the program's flags.
 */
@NullMarked
package io.multijvm.cli.compare;

import org.jspecify.annotations.NullMarked;
