/** The program {@code multijvm}: flags, validation, items from lines and ranges, JSON lines out, progress, exit codes. */
@NullMarked
package io.multijvm.cli;

import org.jspecify.annotations.NullMarked;
