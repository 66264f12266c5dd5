// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.Pool;

class SerialContextContractTest extends ContextContract {
    @Override
    Pool open() {
        return Pool.serial(SEED);
    }
}
