// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import io.multijvm.testkit.SharedPoolTest;

/** As processes use them that share memory. */
@SharedPoolTest
class OwnClassesClosedTest extends OwnClassesClosedContract {
    OwnClassesClosedTest() {
        super("shared");
    }
}
