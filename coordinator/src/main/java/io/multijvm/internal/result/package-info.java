/** The last step of a task's way: raw outcomes become values and failures, in the thread of whoever asked for them. */
@NullMarked
package io.multijvm.internal.result;

import org.jspecify.annotations.NullMarked;
