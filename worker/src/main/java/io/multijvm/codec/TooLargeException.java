// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import org.jspecify.annotations.Nullable;

/** An encoding would outgrow an array. No matter of memory, and no other codec helps. */
final class TooLargeException extends RuntimeException {
    TooLargeException(@Nullable Throwable cause) {
        super("its encoding is larger than an array can hold (2 GiB)", cause);
    }
}
