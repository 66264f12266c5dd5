// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.child;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What becomes of the processes that still live when this JVM ends: they are told to end by SIGTERM, so that their shutdown
 * hooks run, and killed when they take too long. Those that are no daemons have been waited for before, unless somebody has
 * ended this JVM by {@code System.exit} or a signal: see {@link Keeper}.
 */
final class LastRites implements AutoCloseable {
    /** Who stops a program does not want to wait much longer. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration REAPING = Duration.ofSeconds(1);

    private final Home home;

    LastRites(Home home) {
        this.home = home;
    }

    @Override
    public void close() {
        CompletableFuture<?> standbysEnd = Standbys.endWithThisJvm();
        List<ChildProcess> children = home.living();
        children.forEach(child -> child.child().terminate());
        await(children, GRACE);
        children.forEach(child -> child.child().kill());
        await(children, REAPING);
        // they read files that are deleted next
        awaitAtMost(standbysEnd, REAPING);
    }

    private static void awaitAtMost(CompletableFuture<?> end, Duration limit) {
        try {
            end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // they end by their life-line
        }
    }

    private static void await(List<ChildProcess> children, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            for (ChildProcess child : children) {
                var unused = child.child().awaitEnd(Math.max(0, end - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            // somebody is in a hurry
            Thread.currentThread().interrupt();
        }
    }
}
