// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import io.multijvm.failure.FailureKind;
import io.multijvm.wire.v1.NestedSettings;
import java.time.Duration;
import java.util.stream.Collectors;

/** Settings as they cross, for calls that are made in another JVM than the dispatcher's. */
public final class NestedCallSettings {
    private NestedCallSettings() {}

    public static NestedSettings message(CallSettings settings) {
        Duration limit = settings.itemTimeout();
        return NestedSettings.newBuilder()
                .setChunkSize(settings.chunkSize())
                .setBuffer(settings.buffer())
                .setRetries(settings.retries())
                .addAllRetryOn(settings.retryOn().stream().map(Enum::name).toList())
                .setItemTimeoutNanos(limit == null ? 0 : limit.toNanos())
                .setOrdered(settings.ordered())
                .build();
    }

    /**
     * Checked as if somebody had set them here.
     *
     * @throws IllegalArgumentException if they cannot be right
     */
    public static CallSettings read(NestedSettings told) {
        return new CallSettings(
                told.getChunkSize(),
                told.getBuffer(),
                told.getRetries(),
                told.getRetryOnList().stream().map(FailureKind::valueOf).collect(Collectors.toSet()),
                told.getItemTimeoutNanos() == 0 ? null : Duration.ofNanos(told.getItemTimeoutNanos()),
                told.getOrdered());
    }
}
