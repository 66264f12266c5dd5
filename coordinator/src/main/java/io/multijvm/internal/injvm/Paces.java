// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.injvm;

import io.multijvm.worker.context.Newest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** How often listeners of a pool without processes are told of an item's own word. */
final class Paces {
    private Paces() {}

    /** The newest word of each thread, aside from it. Thread-safe. */
    static final class OfEachThread implements Counts.Pace {
        private final Map<Integer, Newest<Words>> threads = new ConcurrentHashMap<>();

        @Override
        public void said(Words words, Consumer<Words> tell) {
            threads.computeIfAbsent(words.of().slot(), first -> new Newest<>(OfEachThread::later, tell))
                    .say(words);
        }

        private static void later(Duration after, Runnable action) {
            var unused = TimeLimit.after(after, action);
        }
    }

    /** At once, in the thread that says it, or not at all: a serial pool has no other. Thread-safe. */
    static final class OfTheCaller implements Counts.Pace {
        /** By {@link System#nanoTime}. */
        private final AtomicLong next = new AtomicLong(System.nanoTime());

        @Override
        public void said(Words words, Consumer<Words> tell) {
            long now = System.nanoTime();
            long due = next.get();
            if (now - due >= 0 && next.compareAndSet(due, now + Newest.PAUSE.toNanos())) {
                tell.accept(words);
            }
        }
    }
}
