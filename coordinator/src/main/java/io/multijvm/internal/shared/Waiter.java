// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

/** A thread of a client that waits for an answer. */
record Waiter(Client client, long ticket) {}
