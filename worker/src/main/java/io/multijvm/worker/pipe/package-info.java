/** Ends of pipes, whatever their messages pass through, and how a process waits for several of them. */
@NullMarked
package io.multijvm.worker.pipe;

import org.jspecify.annotations.NullMarked;
