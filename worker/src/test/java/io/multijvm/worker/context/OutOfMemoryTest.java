// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An error for memory is found wherever a task or a library has put it, and nothing that they write can hide or hold it up. */
class OutOfMemoryTest {
    private final OutOfMemoryError memory = new OutOfMemoryError("no direct memory");

    @Test
    void itIsFoundAsItselfAsACauseAndAmongSuppressedOnes() {
        assertThat(OutOfMemory.in(memory)).isSameAs(memory);
        assertThat(OutOfMemory.in(new CompletionException(new IllegalStateException("wrapped", memory))))
                .isSameAs(memory);
        IllegalStateException closed = new IllegalStateException("while closing");
        closed.addSuppressed(new IllegalArgumentException("first"));
        closed.addSuppressed(new IllegalArgumentException("second", memory));
        assertThat(OutOfMemory.in(new RuntimeException(closed))).isSameAs(memory);
    }

    @Test
    void whatHasNoneHasNoneAlsoIfItGoesRoundInACircle() {
        assertThat(OutOfMemory.in(new StackOverflowError())).isNull();
        RuntimeException first = new RuntimeException("first");
        first.initCause(new RuntimeException("second", first));
        assertThat(OutOfMemory.in(first)).isNull();
        RuntimeException many = new RuntimeException("many");
        IntStream.range(0, 100_000).forEach(i -> many.addSuppressed(new RuntimeException("one of many")));
        assertThat(OutOfMemory.in(many)).isNull();
    }

    @Test
    void aCauseIsFoundBehindAnyNumberOfSuppressedOnes() {
        RuntimeException many = new RuntimeException("many", memory);
        IntStream.range(0, 1000).forEach(i -> many.addSuppressed(new RuntimeException("one of many")));
        assertThat(OutOfMemory.in(many)).isSameAs(memory);
    }

    @Test
    void anExceptionWhoseMethodsThrowIsPassedBy() {
        RuntimeException outer = new RuntimeException("outer", new Hostile());
        outer.addSuppressed(memory);
        assertThat(OutOfMemory.in(outer)).isSameAs(memory);
    }

    private static final class Hostile extends RuntimeException {
        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no cause for you");
        }
    }
}
