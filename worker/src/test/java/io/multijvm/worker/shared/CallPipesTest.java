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
    // asked by the thread that calls: by another, a call or two would pass meanwhile
    private final CallPipes pipes = new CallPipes(this::refuse, Runnable::run);

    private CallPipe refuse() {
        asked.incrementAndGet();
        throw new IllegalStateException("there is no room");
    }

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

    /** How many calls it takes until then, the one by which it is asked included. */
    private int callsUntilAsked(CallPipes pipes, int times) {
        int calls = 0;
        while (asked.get() < times) {
            assertThat(pipes.call(1, CALL)).isFalse();
            calls++;
        }
        return calls;
    }

    @Test
    void anOwnerThatRefusesAPipeIsAskedAgainButEachTimeLater() {
        assertThat(callsUntilAsked(pipes, 1)).isEqualTo(32);
        assertThat(callsUntilAsked(pipes, 2)).isEqualTo(32 * 32);
        assertThat(callsUntilAsked(pipes, 3)).isEqualTo(32 * 32 * 32);
    }

    @Test
    void callsGoOnByMessagesWhenThereIsNoThreadToAskForAPipe() {
        CallPipes pipes = new CallPipes(this::refuse, work -> {
            asked.incrementAndGet();
            throw new OutOfMemoryError("unable to create native thread");
        });

        assertThat(callsUntilAsked(pipes, 1)).isEqualTo(32);
        assertThat(callsUntilAsked(pipes, 2)).isEqualTo(32 * 32);
    }
}
