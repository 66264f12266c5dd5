// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Pool;
import io.multijvm.contract.NamedTasks.Square;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialExecutorTest extends ExecutorContract {
    @Override
    Pool open() {
        return Pool.serial();
    }

    @Test
    void anInterruptedCallerOfInvokeAllOrInvokeAnyIsTold() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> pool().invokeAll(List.of(new Square(1)))).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> pool().invokeAny(List.of(new Square(1)))).isInstanceOf(InterruptedException.class);
    }
}
