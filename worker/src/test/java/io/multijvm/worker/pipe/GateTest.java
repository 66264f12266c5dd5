// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GateTest {
    @Test
    void itIsOpenedOnlyWhenNobodyIsInsideAnyMore() {
        Gate gate = new Gate();
        gate.open();
        assertThat(gate.enter()).isTrue();
        boolean[] empty = new boolean[1];
        assertThat(gate.shut(() -> empty[0] = true)).isTrue();
        assertThatThrownBy(gate::open).isInstanceOf(IllegalStateException.class);
        assertThat(gate.enter()).isFalse();
        assertThat(empty[0]).isFalse();
        gate.leave();
        assertThat(empty[0]).isTrue();
        gate.open();
        assertThatThrownBy(gate::open).isInstanceOf(IllegalStateException.class);
        assertThat(gate.enter()).isTrue();
    }
}
