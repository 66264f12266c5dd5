/** From items to encoded blocks, in the threads of callers and feeders. */
@NullMarked
package io.multijvm.internal.submit;

import org.jspecify.annotations.NullMarked;
