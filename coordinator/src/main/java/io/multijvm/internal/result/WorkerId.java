// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

/** Which process ran an item: its slot's number, which process of that slot it was, and its pid. */
public record WorkerId(int slot, int incarnation, long pid) {}
