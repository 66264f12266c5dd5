// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

import io.multijvm.failure.FailureKind;
import io.multijvm.wire.v1.NestedSettings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Settings as they cross, for calls that are made in another JVM than the dispatcher's. Functions of the side that asks do
 * not: key, affinity and progress are called there.
 */
public final class NestedCallSettings {
    private NestedCallSettings() {}

    public static NestedSettings message(CallSettings settings) {
        return NestedSettings.newBuilder()
                .setChunkSize(settings.chunkSize())
                .setBuffer(settings.buffer())
                .setRetries(settings.retries())
                .addAllRetryOn(settings.retryOn().stream().map(Enum::name).toList())
                .setCrashLimit(settings.crashLimit())
                .setItemTimeoutNanos(nanos(settings.itemTimeout()))
                .setOrdered(settings.ordered())
                .setBackoffFirstNanos(settings.backoff().first().toNanos())
                .setBackoffMostNanos(settings.backoff().most().toNanos())
                .setDeadlineNanos(nanos(settings.deadline()))
                .setQueueTimeoutNanos(nanos(settings.queueTimeout()))
                .setFinishOthers(settings.finishOthers())
                .setCopy(settings.copy())
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
                told.getCrashLimit(),
                new Backoff(
                        Duration.ofNanos(told.getBackoffFirstNanos()), Duration.ofNanos(told.getBackoffMostNanos())),
                limit(told.getItemTimeoutNanos()),
                limit(told.getDeadlineNanos()),
                limit(told.getQueueTimeoutNanos()),
                told.getOrdered(),
                told.getFinishOthers(),
                told.getCopy(),
                null,
                null,
                null);
    }

    /** 0 for no limit; what is above 292 years is as good as that. */
    private static long nanos(@Nullable Duration limit) {
        return limit == null ? 0 : TimeUnit.NANOSECONDS.convert(limit);
    }

    private static @Nullable Duration limit(long nanos) {
        return nanos == 0 ? null : Duration.ofNanos(nanos);
    }
}
