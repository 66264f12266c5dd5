/** The worker's end of the stream: everything that crosses, crosses here, on one event loop. */
@NullMarked
package io.multijvm.worker.link;

import org.jspecify.annotations.NullMarked;
