// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.Pool;

class ProcessesPoolContractTest extends PoolContract implements ConcurrentContract, CopiesContract {
    @Override
    public Pool newPool() {
        return Pool.processes(2);
    }
}
