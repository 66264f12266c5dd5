// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.context;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes on the newest of what is said: at once where nothing was said for a while, else at the end of a pause, and what was
 * replaced meanwhile never. Thread-safe; saying something costs no more than two volatile writes but for once a pause.
 *
 * <pre>
 * QUIET  -- something is said -------------> TELLING   it is passed on soon
 * TELLING -- the pause ends, more was said --> TELLING   the newest is passed on
 * TELLING -- the pause ends, nothing was ----> QUIET
 * </pre>
 */
public final class Newest<V> {
    /** Between two words. */
    public static final Duration PAUSE = Duration.ofMillis(100);

    private final Later later;
    private final Consumer<? super V> out;
    private final AtomicReference<@Nullable V> waiting = new AtomicReference<>();
    private final AtomicBoolean telling = new AtomicBoolean();

    /** Has something short run after a while, or soon; in order. */
    @FunctionalInterface
    public interface Later {
        void run(Duration after, Runnable action);
    }

    /** @param out gets the words, where {@code later} runs */
    public Newest(Later later, Consumer<? super V> out) {
        this.later = later;
        this.out = out;
    }

    /** From any thread; never waits. */
    public void say(V word) {
        waiting.set(word);
        wake();
    }

    private void wake() {
        if (!telling.get() && telling.compareAndSet(false, true)) {
            later.run(Duration.ZERO, this::tell);
        }
    }

    private void tell() {
        V word = waiting.getAndSet(null);
        if (word != null) {
            out.accept(word);
            later.run(PAUSE, this::tell);
            return;
        }
        telling.set(false);
        // what was said before that line was not to wake anybody: it is seen here
        if (waiting.get() != null) {
            wake();
        }
    }
}
