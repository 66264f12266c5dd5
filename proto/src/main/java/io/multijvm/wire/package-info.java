/**
 * The contract between a coordinator and its workers: the messages of {@code worker.proto}, and what both sides must
 * agree on besides.
 */
@NullMarked
package io.multijvm.wire;

import org.jspecify.annotations.NullMarked;
