/**
 * Shared objects as their clients see them: what stands for each in this JVM, and the line to its owner. The owner's own JVM
 * is a client like any other, by a shorter line.
 */
@NullMarked
package io.multijvm.worker.shared;

import org.jspecify.annotations.NullMarked;
