/**
 * Pools without processes: threads of this JVM, and the calling thread alone. They keep the contract of pools of
 * processes, so that a program can be compared and debugged in one JVM, and refuse what could not cross.
 */
@NullMarked
package io.multijvm.internal.injvm;

import org.jspecify.annotations.NullMarked;
