// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import io.multijvm.testkit.SharedPoolTest;

/** Processes of one machine map what they share. */
@SharedPoolTest
class SharedDataInMemoryTest extends SharedDataContract {
    SharedDataInMemoryTest() {
        super("shared");
    }
}
