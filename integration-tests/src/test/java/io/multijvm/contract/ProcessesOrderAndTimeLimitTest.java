// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.Pool;

class ProcessesOrderAndTimeLimitTest extends OrderAndTimeLimitContract.Concurrent {
    @Override
    Pool open() {
        return Pool.processes(2);
    }
}
