/** Running items, one after the other, in the task thread. Knows no gRPC. */
@NullMarked
package io.multijvm.worker.execute;

import org.jspecify.annotations.NullMarked;
