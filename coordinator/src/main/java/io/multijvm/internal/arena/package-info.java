/** The coordinator's side of the memory that it shares with its workers for large payloads. Knows no messages. */
@NullMarked
package io.multijvm.internal.arena;

import org.jspecify.annotations.NullMarked;
