// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import io.multijvm.testkit.SharedPoolTest;

/** Where no memory is shared: a call needs none, but what it takes along goes another way. */
@SharedPoolTest
class OwnClassesByMessagesTest extends OwnClassesContract {
    OwnClassesByMessagesTest() {
        super("frames");
    }
}
