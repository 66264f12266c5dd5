/** What is said and heard of shared objects as messages of the contract, and back: for the links of both sides. */
@NullMarked
package io.multijvm.wire.messages;

import org.jspecify.annotations.NullMarked;
