// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

/** The item was cancelled, or its call was, before it had a result. Seen only in outcomes: futures are cancelled. */
public final class ItemCancelledException extends MultijvmException {
    public ItemCancelledException(String message) {
        super(FailureKind.CANCELLED, message, null);
    }
}
