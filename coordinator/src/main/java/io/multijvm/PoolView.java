// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.call.CallEngine;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.shared.Shared;
import io.multijvm.task.Outcome;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableConsumer;
import io.multijvm.task.SerializableFunction;
import io.multijvm.task.SerializableRunnable;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A pool's calls with one set of options; {@link #with} makes another view of the same engine. */
final class PoolView extends PoolExecutor {
    private static final StackWalker CALLER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private final CallEngine engine;
    private final CallSettings settings;
    private final ItsManager manager;

    PoolView(CallEngine engine, CallSettings settings) {
        this(engine, settings, new ItsManager());
    }

    private PoolView(CallEngine engine, CallSettings settings, ItsManager manager) {
        super(engine);
        this.engine = engine;
        this.settings = settings;
        this.manager = manager;
    }

    /** The one of all views of the pool. */
    private static final class ItsManager {
        private @Nullable Manager started;

        /** Under the lock, so that the engine's end, which may come at once, comes to a manager that is there. */
        synchronized Manager of(CallEngine engine, Class<?> user) {
            Manager known = started;
            if (known != null) {
                return known;
            }
            Manager made = Manager.startFor(user);
            try {
                engine.whenOver(made::close);
            } catch (RejectedExecutionException | UnsupportedOperationException e) {
                made.close();
                throw e;
            }
            started = made;
            return made;
        }
    }

    @Override
    public Calls with(Consumer<? super CallOptions> options) {
        CallOptions changed = new CallOptions(settings);
        options.accept(changed);
        return new PoolView(engine, changed.settings(), manager);
    }

    @Override
    public <R extends @Nullable Object> R apply(SerializableCallable<R> task) {
        return engine.apply(Objects.requireNonNull(task, "task"), settings);
    }

    @Override
    public void apply(SerializableRunnable task) {
        engine.apply(task.asCallable(), settings);
    }

    @Override
    public <R extends @Nullable Object> TaskFuture<R> submit(SerializableCallable<R> task) {
        return engine.submit(Objects.requireNonNull(task, "task"), settings);
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> List<R> map(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items) {
        return engine.<T, R>map(Objects.requireNonNull(task, "task"), Objects.requireNonNull(items, "items"), settings);
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> TaskFuture<List<R>> mapAsync(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items) {
        return engine.<T, R>mapAsync(
                Objects.requireNonNull(task, "task"), Objects.requireNonNull(items, "items"), settings);
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> ResultStream<R> imap(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items) {
        return engine.<T, R>imap(
                Objects.requireNonNull(task, "task"), Objects.requireNonNull(items, "items"), settings);
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> ResultStream<Outcome<T, R>> outcomes(
            SerializableFunction<? super T, ? extends R> task, Iterable<? extends T> items) {
        return engine.<T, R>outcomes(
                Objects.requireNonNull(task, "task"), Objects.requireNonNull(items, "items"), settings);
    }

    @Override
    public <T extends @Nullable Object> void forEach(
            SerializableConsumer<? super T> task, Iterable<? extends T> items) {
        runOnEach(Objects.requireNonNull(task, "task"), items);
    }

    /** The consumer's own type of item stands for what it takes. */
    private <T extends @Nullable Object> void runOnEach(SerializableConsumer<T> task, Iterable<? extends T> items) {
        if (settings.finishOthers()) {
            var unused = this.<T, @Nullable Void>map(task.asFunction(), items);
            return;
        }
        try (ResultStream<@Nullable Void> results = this.<T, @Nullable Void>imapUnordered(task.asFunction(), items)) {
            results.forEach(nothing -> {});
        }
    }

    @Override
    public <R extends @Nullable Object> List<R> broadcast(SerializableCallable<R> task) {
        return engine.broadcast(Objects.requireNonNull(task, "task"), settings);
    }

    @Override
    public void broadcast(SerializableRunnable task) {
        var unused = engine.broadcast(task.asCallable(), settings);
    }

    @Override
    public <T> Shared<T> share(T value) {
        return engine.share(value);
    }

    @Override
    public Manager manager() {
        return manager.of(engine, CALLER.getCallerClass());
    }

    @Override
    public long seed() {
        return engine.seed();
    }

    @Override
    public void resize(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, not " + workers);
        }
        engine.resize(workers);
    }

    @Override
    public void restart() {
        engine.restart();
    }

    @Override
    public PoolStats stats() {
        return engine.stats();
    }

    @Override
    public void addListener(PoolListener listener) {
        engine.addListener(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void close() {
        engine.close();
    }

    @Override
    public void terminate() {
        engine.terminate();
    }
}
