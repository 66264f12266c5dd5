// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.Pool;

class SerialCallOptionsContractTest extends CallOptionsContract {
    @Override
    Pool open() {
        return Pool.serial();
    }
}
