/** Step 2 of a task's way: encoded items, and how many of them cross together. Pure: no threads, no network. */
@NullMarked
package io.multijvm.internal.chunk;

import org.jspecify.annotations.NullMarked;
