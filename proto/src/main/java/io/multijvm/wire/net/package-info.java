/** Sockets and event loops, as both ends of the stream set them up. */
@NullMarked
package io.multijvm.wire.net;

import org.jspecify.annotations.NullMarked;
