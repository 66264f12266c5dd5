// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import io.multijvm.testkit.SharedPoolTest;

/** Where no memory is shared. */
@SharedPoolTest
class ClosedByAllByMessagesTest extends ClosedByAllContract {
    ClosedByAllByMessagesTest() {
        super("frames");
    }
}
