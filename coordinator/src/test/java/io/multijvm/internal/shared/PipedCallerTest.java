// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.shared.PipeClosedException;
import io.multijvm.shared.PipeEnd;
import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.Frame;
import io.multijvm.wire.objects.FrameMessage;
import io.multijvm.wire.objects.Heard;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that calls by a pipe, and an owner whose manager is closed. */
@Timeout(60)
class PipedCallerTest {
    private static final long OBJECT = 1;
    private static final Logger LOGGER = Logger.getLogger(PipedCaller.class.getName());

    private final PlayedPipes pipes = new PlayedPipes();
    private final PipeEnd<Object> process = pipes.process().left(1);
    private final PlayedProcess owner = pipes.process();
    private final List<LogRecord> logged = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() {
        LOGGER.setFilter(record -> !logged.add(record));
    }

    @AfterEach
    void end() {
        LOGGER.setFilter(null);
        pipes.close();
    }

    /** Its manager's threads have ended, and each call leaves something to do for one of them. */
    private static final class Late extends CollectionAtOwner {
        Late() {
            super(
                    OBJECT,
                    PlayedLoop.atOnce(),
                    work -> {
                        throw new RejectedExecutionException("its manager is closed");
                    },
                    new OwnersCodec(PipedCallerTest.class));
        }

        @Override
        Frame done(CollectionCall what, Frame call, FunctionsOfCaller functions) {
            inNextTurn(() -> {});
            return answer(true);
        }

        @Override
        void forget() {}
    }

    /** Hears nothing. */
    private static final class Deaf implements Client.Ear {
        @Override
        public void tell(long object, long ticket, Heard heard) {}

        @Override
        public void end(String why) {}
    }

    @Test
    void aCallThatFindsNoThreadForTheManagerIsClosedEndsItsPipeAndIsNoComplaint() throws Exception {
        Late late = new Late();
        Client caller = new Client(9, ProcessStamp.ofThisProcess(), "a worker", new Deaf());
        Thread serves = new Thread(() -> new PipedCaller(caller, owner.right(1), id -> late).serve());
        serves.start();
        byte[] call = new FrameMessage(OBJECT, Frame.of(CollectionCall.SIZE, 0)).toBytes();
        assertThat(process.receiveBytes()).isEmpty();
        process.sendBytes(call);
        assertThat(FrameMessage.of(process.receiveBytes()).word()).isEqualTo(FrameMessage.ANSWERED);

        process.sendBytes(call);

        assertThatThrownBy(process::receiveBytes).isInstanceOf(PipeClosedException.class);
        serves.join();
        assertThat(logged).isEmpty();
    }
}
