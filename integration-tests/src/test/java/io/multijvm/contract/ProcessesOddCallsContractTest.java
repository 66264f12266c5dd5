// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.Pool;

class ProcessesOddCallsContractTest extends OddCallsContract.Concurrent {
    @Override
    Pool open() {
        return Pool.processes(2);
    }
}
