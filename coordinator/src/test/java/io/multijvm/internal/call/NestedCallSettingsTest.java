// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.failure.FailureKind;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NestedCallSettingsTest {
    private static final CallSettings UNLIKE_THE_DEFAULTS = CallSettings.DEFAULTS
            .withChunkSize(3)
            .withBuffer(5)
            .withRetries(2)
            .withRetryOn(List.of(FailureKind.TIMEOUT))
            .withCrashLimit(5)
            .withItemTimeout(Duration.ofMillis(1500))
            .withOrder(false)
            .withBackoff(Duration.ofMillis(10), Duration.ofMillis(70))
            .withDeadline(Duration.ofSeconds(7))
            .withQueueTimeout(Duration.ofSeconds(3))
            .withFinishOthers(true)
            .withCopy(true);

    /** Functions that are called there, and do not cross. */
    private static final Set<String> OF_THE_SIDE_THAT_ASKS = Set.of("key", "affinity", "progress");

    @Test
    void whatIsSetInAWorkerIsWhatTheCoordinatorReads() {
        assertThat(NestedCallSettings.read(NestedCallSettings.message(UNLIKE_THE_DEFAULTS)))
                .isEqualTo(UNLIKE_THE_DEFAULTS);
        assertThat(NestedCallSettings.read(NestedCallSettings.message(CallSettings.DEFAULTS)))
                .isEqualTo(CallSettings.DEFAULTS);
    }

    /** Else the test above says nothing of a setting that was added. */
    @Test
    void everySettingIsTried() throws ReflectiveOperationException {
        for (RecordComponent component : CallSettings.class.getRecordComponents()) {
            if (OF_THE_SIDE_THAT_ASKS.contains(component.getName())) {
                continue;
            }
            assertThat(component.getAccessor().invoke(UNLIKE_THE_DEFAULTS))
                    .as(component.getName())
                    .isNotEqualTo(component.getAccessor().invoke(CallSettings.DEFAULTS));
        }
    }
}
