// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Machine;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NestingsTest {
    @AfterEach
    void forget() {
        System.clearProperty(Nestings.CALLS);
        System.clearProperty(Nestings.POOLS);
    }

    @Test
    void aLimitIsChangedByItsPropertyWhichWorkersAreToldToo() {
        System.setProperty(Nestings.CALLS, "2");
        System.setProperty(Nestings.POOLS, "1");

        assertThatCode(() -> Nestings.requireCall(2)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Nestings.requireCall(3)).hasMessageContaining("the limit is 2");
        assertThatCode(() -> Nestings.requirePool(0)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Nestings.requirePool(1)).hasMessageContaining("the limit is 1");
        assertThatCode(() -> Nestings.requireProcess(0)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Nestings.requireProcess(1)).hasMessageContaining("the limit is 1");
        assertThat(Nestings.workerFlags(1))
                .contains("-D" + Nestings.CALLS + "=2", "-D" + Nestings.POOLS + "=1")
                .contains("-Dio.multijvm.cores=" + Machine.cpuCount());
    }

    @Test
    void aPropertyThatIsNoNumberIsRefusedByName() {
        System.setProperty(Nestings.CALLS, "many");

        assertThatThrownBy(() -> Nestings.requireCall(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Nestings.CALLS)
                .hasMessageContaining("'many'");
    }

    @Test
    void aWorkerStandsOneDeeperThanItsPool() {
        assertThat(Nestings.depth(Nestings.workerEnvironment(Map.of("A", "b")))).isEqualTo(Nestings.poolDepth() + 1);
        assertThat(Nestings.workerEnvironment(Map.of("A", "b"))).containsEntry("A", "b");
        assertThat(Nestings.depth(Map.of(Nestings.DEPTH_VARIABLE, "not ours"))).isZero();
    }

    @Test
    void moreWorkersThanCoresHaveAShareOfOne() {
        assertThat(Nestings.workerFlags(1000)).contains("-Dio.multijvm.cores=1");
    }
}
