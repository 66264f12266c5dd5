// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.Pool;

class ProcessesContextContractTest extends ContextContract {
    @Override
    Pool open() {
        return Pool.processes(o -> o.workers(2).seed(SEED));
    }
}
