/** The coordinator's end of the streams: one hub for everything that this JVM owns, on one event loop. */
@NullMarked
package io.multijvm.internal.transport;

import org.jspecify.annotations.NullMarked;
