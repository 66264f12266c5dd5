/**
 * Shared objects at their owner: who uses them, what each does, and what becomes of it when a user dies. Everything here runs
 * on the hub's event loop but for the making of objects.
 */
@NullMarked
package io.multijvm.internal.shared;

import org.jspecify.annotations.NullMarked;
