/** Step 1 of a task's way: calls and their settings, checked, before anything is encoded. */
@NullMarked
package io.multijvm.internal.call;

import org.jspecify.annotations.NullMarked;
