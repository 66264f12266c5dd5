// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import io.multijvm.Pool;
import io.multijvm.testkit.SharedPoolTest;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests of one kind of pool that share one, and leave it as good as they found it. */
@SharedPoolTest
abstract class SharedPool {
    private Pool pool = unopened();

    /** A new pool of this kind, of two workers where it has any. */
    abstract Pool open();

    @SuppressWarnings("NullAway") // set before the first test
    private static Pool unopened() {
        return null;
    }

    @BeforeAll
    void openPool() {
        pool = open();
    }

    @AfterAll
    void closePool() {
        pool.close();
    }

    Pool pool() {
        return pool;
    }

    static List<Integer> upTo(int n) {
        return IntStream.range(0, n).boxed().toList();
    }
}
