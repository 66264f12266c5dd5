// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.Pool;

class SerialPoolContractTest extends PoolContract {
    @Override
    Pool open() {
        return Pool.serial();
    }
}
