// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.Pool;

class ThreadsExecutorTest extends ConcurrentExecutorContract {
    @Override
    Pool open() {
        return Pool.threads(2);
    }

    @Override
    boolean isCancelledAtOnce() {
        return true;
    }
}
