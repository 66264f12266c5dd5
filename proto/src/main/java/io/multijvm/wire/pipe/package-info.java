/** What passes through a pipe, and the memory that it passes through. */
@NullMarked
package io.multijvm.wire.pipe;

import org.jspecify.annotations.NullMarked;
