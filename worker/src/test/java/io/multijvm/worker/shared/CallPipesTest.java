// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.Frame;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often an owner is asked for a pipe, which is played. */
@Timeout(60)
class CallPipesTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final CallPipes pipes = new CallPipes(() -> {
        asked.incrementAndGet();
        throw new IllegalStateException("there is no room");
    });

    private static final Call CALL = new Call(CollectionCall.SIZE, Frame.of(CollectionCall.SIZE, 0)) {
        @Override
        void answered(Frame answer) {
            throw new AssertionError("nobody answers");
        }

        @Override
        void failed(IllegalStateException why) {
            throw new AssertionError("nothing was called");
        }
    };

    /** How many calls it takes until then; those by which it is asked do not count. */
    private int callsUntilAsked(int times) {
        int calls = 0;
        while (asked.get() < times) {
            assertThat(pipes.call(1, CALL)).isFalse();
            calls++;
        }
        return calls;
    }

    @Test
    void anOwnerThatRefusesAPipeIsAskedAgainButEachTimeLater() {
        assertThat(callsUntilAsked(1)).isGreaterThanOrEqualTo(32);
        assertThat(callsUntilAsked(2)).isGreaterThanOrEqualTo(32 * 32);
        assertThat(callsUntilAsked(3)).isGreaterThanOrEqualTo(32 * 32 * 32);
    }
}
