// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class UncaughtTest {
    @Test
    void theExceptionAndItsCausesAreOneLineAndItsFramesFollow() {
        IOException thrown = new IOException("two\n  lines", new IllegalStateException("why"));

        String[] lines = Uncaught.words(thrown).split("\n", -1);

        assertThat(lines[0]).isEqualTo(Uncaught.FIRST_LINE);
        assertThat(lines[1])
                .isEqualTo("java.io.IOException: two lines, caused by java.lang.IllegalStateException: why");
        assertThat(lines[2]).startsWith("io.multijvm.worker.process.UncaughtTest.theException");
        assertThat(lines).hasSizeLessThan(16);
    }

    @Test
    void anExceptionWhoseOwnMethodsThrowIsToldByItsClass() {
        Exception hostile = new Exception() {
            @Override
            public String getMessage() {
                throw new IllegalStateException("never");
            }

            @Override
            public synchronized Throwable getCause() {
                throw new IllegalStateException("never");
            }

            @Override
            public StackTraceElement[] getStackTrace() {
                throw new IllegalStateException("never");
            }
        };
        assertThat(Uncaught.words(hostile))
                .isEqualTo(Uncaught.FIRST_LINE + "\n" + hostile.getClass().getName());
    }

    @Test
    void causesInACircleAndEndlessMessagesAreCut() {
        Exception first = new Exception("x".repeat(100_000));
        Exception second = new Exception("second", first);
        first.initCause(second);

        assertThat(Uncaught.words(first).length()).isLessThan(8_000);
    }
}
