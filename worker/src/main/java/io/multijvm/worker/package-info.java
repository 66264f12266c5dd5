/** The main class of a worker JVM, and how it ends. */
@NullMarked
package io.multijvm.worker;

import org.jspecify.annotations.NullMarked;
