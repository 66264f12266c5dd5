// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

/**
 * What a worker does with the item at hand: IDLE - begin -&gt; DECODE -&gt; RUN -&gt; ENCODE - committed -&gt; IDLE. A worker that dies in
 * any state but IDLE died of, or at least during, that item.
 */
public enum ItemState {
    IDLE,
    DECODE,
    RUN,
    ENCODE
}
