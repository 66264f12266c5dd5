/** One class for each promise, kept by real JVMs, real signals and real sockets. */
@NullMarked
package io.multijvm.promises;

import org.jspecify.annotations.NullMarked;
