// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import org.jspecify.annotations.Nullable;

/** A session that leaves room for the codec tag itself: saves a copy of each encoding. */
interface TaggedEncoder {
    byte[] encodeTagged(byte tag, @Nullable Object value);
}
