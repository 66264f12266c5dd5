// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import io.multijvm.testkit.SharedPoolTest;

/** Where no memory is shared everything goes through the owner. */
@SharedPoolTest
class SharedDataByMessagesTest extends SharedDataContract {
    SharedDataByMessagesTest() {
        super("frames");
    }
}
