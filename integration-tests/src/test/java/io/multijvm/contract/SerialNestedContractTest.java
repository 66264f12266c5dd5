// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.Pool;

class SerialNestedContractTest extends NestedContract {
    @Override
    Pool open() {
        return Pool.serial();
    }
}
