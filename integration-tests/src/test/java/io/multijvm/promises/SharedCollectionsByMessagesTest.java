// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import io.multijvm.testkit.SharedPoolTest;

/** Where no memory is shared: a collection needs none, but what it holds, and its lock, go another way. */
@SharedPoolTest
class SharedCollectionsByMessagesTest extends SharedCollectionsContract {
    SharedCollectionsByMessagesTest() {
        super("frames");
    }
}
