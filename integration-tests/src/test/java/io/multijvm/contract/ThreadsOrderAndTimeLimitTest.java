// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.Pool;

class ThreadsOrderAndTimeLimitTest extends OrderAndTimeLimitContract.Concurrent {
    @Override
    Pool open() {
        return Pool.threads(2);
    }
}
