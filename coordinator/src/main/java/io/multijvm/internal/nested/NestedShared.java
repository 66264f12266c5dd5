// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.nested;

import io.multijvm.codec.ValueCodec;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.call.NestedCallSettings;
import io.multijvm.internal.pool.TrustedClasses;
import io.multijvm.internal.result.Callbacks;
import io.multijvm.task.Codec;
import io.multijvm.wire.v1.NestedSetup;
import io.multijvm.worker.nested.NestedHost;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all pools of one worker's frames have in common. Thread-safe. */
final class NestedShared {
    private final TrustedClasses trusted;
    private final ValueCodec codec;
    private final ExecutorService support;
    private final Callbacks callbacks;
    private final AtomicLong calls = new AtomicLong();
    private final long seed;
    private final CallSettings defaults;

    private NestedShared(NestedHost host) {
        NestedSetup setup = host.setup();
        // results come from other workers, which this one trusts no more than the coordinator does
        trusted = new TrustedClasses(setup.getAllowList());
        Codec poolCodec = host.poolCodec();
        // by a codec that is none of ours to the eye, nothing is packed: items cross here one by one
        codec = new ValueCodec(
                (loader, allowed) -> poolCodec.open(loader, allowed),
                host.codec().loader(),
                trusted);
        support = supportThreads(host.codec().loader());
        callbacks = new Callbacks(support);
        seed = setup.getSeed();
        defaults = NestedCallSettings.read(setup.getDefaults());
    }

    static NestedShared of(NestedHost host) {
        return host.shared(() -> new NestedShared(host));
    }

    /** Threads for inputs, callbacks, and items whose task waits where nobody can help it. As many as needed. */
    private static ExecutorService supportThreads(ClassLoader loader) {
        AtomicInteger threads = new AtomicInteger();
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), action -> {
            Thread thread = new Thread(action, "multijvm-nested-" + threads.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(loader);
            return thread;
        });
    }

    TrustedClasses trusted() {
        return trusted;
    }

    ValueCodec codec() {
        return codec;
    }

    ExecutorService support() {
        return support;
    }

    Callbacks callbacks() {
        return callbacks;
    }

    /** Calls of this worker are told apart by it. */
    long nextCall() {
        return calls.incrementAndGet();
    }

    /** What the pool's random numbers begin with. */
    long seed() {
        return seed;
    }

    /** How calls are where the task does not say otherwise. */
    CallSettings defaults() {
        return defaults;
    }
}
