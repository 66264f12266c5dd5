/**
 * Memory that one worker and its coordinator share for large payloads: files without a name, which both have mapped. Says
 * nothing of when what crosses; that is the transport's.
 */
@NullMarked
package io.multijvm.wire.arena;

import org.jspecify.annotations.NullMarked;
