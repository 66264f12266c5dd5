// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

/** With memory that the processes share, where there is any. */
class LockTest extends LockContract {}
