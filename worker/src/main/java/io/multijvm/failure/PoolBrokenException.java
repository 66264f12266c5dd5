// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

import org.jspecify.annotations.Nullable;

/** The pool cannot run anything any more: no worker starts, or they die again and again. */
public final class PoolBrokenException extends MultijvmException {
    public PoolBrokenException(String message, @Nullable Throwable cause) {
        super(FailureKind.POOL_BROKEN, message, cause);
    }
}
