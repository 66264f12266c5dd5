/** A worker that is no pool's: one task in the main thread, and an end like that of any JVM. */
@NullMarked
package io.multijvm.worker.process;

import org.jspecify.annotations.NullMarked;
