// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.Pool;

class SerialOrderAndTimeLimitTest extends OrderAndTimeLimitContract {
    @Override
    Pool open() {
        return Pool.serial();
    }
}
