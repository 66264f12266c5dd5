/**
 * Values as bytes: the two built-in codecs, what may be decoded, where an encoding failed and why, and failures as data.
 *
 * <p>Both sides use it, each under its own class loader and allow list. Start at {@link io.multijvm.codec.ValueCodec}.
 */
@NullMarked
package io.multijvm.codec;

import org.jspecify.annotations.NullMarked;
