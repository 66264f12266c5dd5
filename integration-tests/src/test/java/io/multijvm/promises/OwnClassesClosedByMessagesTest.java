// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import io.multijvm.testkit.SharedPoolTest;

/** Where no memory is shared: who closes one may hear of another's close by two ways. */
@SharedPoolTest
class OwnClassesClosedByMessagesTest extends OwnClassesClosedContract {
    OwnClassesClosedByMessagesTest() {
        super("frames");
    }
}
