// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.Pool;

class SerialOddCallsContractTest extends OddCallsContract {
    @Override
    Pool open() {
        return Pool.serial();
    }
}
