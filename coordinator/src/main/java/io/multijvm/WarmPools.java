// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.pool.PoolParts;
import io.multijvm.internal.pool.ProcessEngine;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The pools that are kept running between their uses, by key. Thread-safe.
 *
 * <pre>
 * (none)   -- share ---------------------------------------------> IN_USE
 * IN_USE   -- last share closed ---------------------------------> WARM
 * WARM     -- share with the same options -----------------------> IN_USE
 * WARM     -- idle time over, closed, other options, broken -----> ended
 * IN_USE   -- closed, other options, broken ---------------------> REPLACED  (not found by its key any more)
 * REPLACED -- last share closed ---------------------------------> ended
 * </pre>
 */
final class WarmPools {
    private static final Duration DEFAULT_IDLE = Duration.ofMinutes(1);

    /** Guarded by this class; so is what is in it. */
    private static final Map<String, Warm> POOLS = new HashMap<>();

    private WarmPools() {}

    /** One pool. Its state is in its numbers and in whether the map has it. */
    private static final class Warm {
        final String key;
        final PoolParts.Plan plan;
        final ProcessEngine engine;
        int shares;
        /** Counts the uses, so that a timer that was set before the latest does nothing. */
        long uses;

        Warm(String key, PoolParts.Plan plan) {
            this.key = key;
            this.plan = plan;
            this.engine = PoolParts.assemble(plan);
        }
    }

    static Pool share(String key, Consumer<? super ProcessOptions> configure) {
        Objects.requireNonNull(key, "key");
        ProcessOptions options = Pools.options(configure);
        PoolParts.Plan plan = Pools.plan(options);
        Warm pool;
        Warm replaced = null;
        synchronized (WarmPools.class) {
            pool = POOLS.get(key);
            if (pool == null || pool.engine.isBroken() || !pool.plan.makesTheSameAs(plan)) {
                replaced = pool;
                pool = new Warm(key, plan);
                POOLS.put(key, pool);
            }
            pool.shares++;
            pool.uses++;
            if (replaced != null && replaced.shares > 0) {
                replaced = null; // its last share ends it
            }
        }
        if (replaced != null) {
            inBackground(replaced.engine::close);
        }
        Warm taken = pool;
        return new PoolView(taken.engine.shared(() -> giveBack(taken)), options.calls);
    }

    private static void giveBack(Warm pool) {
        synchronized (WarmPools.class) {
            pool.shares--;
            if (pool.shares > 0) {
                return;
            }
            if (POOLS.get(pool.key) == pool && !pool.engine.isBroken()) {
                long uses = pool.uses;
                later(idleTime(pool.plan), () -> endIfUnused(pool, uses));
                return;
            }
            POOLS.remove(pool.key, pool);
        }
        pool.engine.close();
    }

    private static Duration idleTime(PoolParts.Plan plan) {
        Duration idle = plan.crew().idleTimeout();
        return idle == null ? DEFAULT_IDLE : idle;
    }

    private static void endIfUnused(Warm pool, long uses) {
        synchronized (WarmPools.class) {
            if (pool.shares > 0 || pool.uses != uses || !POOLS.remove(pool.key, pool)) {
                return;
            }
        }
        pool.engine.close();
    }

    static void close(String key) {
        Warm pool;
        synchronized (WarmPools.class) {
            pool = POOLS.remove(Objects.requireNonNull(key, "key"));
            if (pool == null || pool.shares > 0) {
                return;
            }
        }
        pool.engine.close();
    }

    private static void later(Duration delay, Runnable action) {
        Executor then =
                CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS, WarmPools::inBackground);
        then.execute(action);
    }

    private static void inBackground(Runnable action) {
        Thread thread = new Thread(action, "multijvm-warm");
        // a program may end without waiting for this: its workers end with it
        thread.setDaemon(true);
        thread.start();
    }
}
