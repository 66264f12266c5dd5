// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.testkit.PromiseTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What all kinds of pools promise. */
@PromiseTest
abstract class PoolContract implements MapContract, LazyContract, PayloadContract, FuturesContract, ClosingContract {
    @TempDir
    Path temporary;

    @Override
    public Path directory() {
        return temporary;
    }
}
