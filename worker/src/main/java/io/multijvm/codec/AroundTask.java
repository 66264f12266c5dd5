// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

/** A task of Multijvm's own that only calls a user's: what results may hold is decided by that one. */
public interface AroundTask {
    /** The user's task. */
    Object inner();
}
