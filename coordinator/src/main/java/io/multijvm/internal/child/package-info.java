/** Processes that are no pool's workers: who starts them, keeps some ready, and sees to their end. */
@NullMarked
package io.multijvm.internal.child;

import org.jspecify.annotations.NullMarked;
