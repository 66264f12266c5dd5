/** Step 3 of a task's way: who runs what. One thread, one sealed type of events, no network and no processes. */
@NullMarked
package io.multijvm.internal.dispatch;

import org.jspecify.annotations.NullMarked;
