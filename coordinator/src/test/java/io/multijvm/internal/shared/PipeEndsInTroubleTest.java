// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.shared.PipeClosedException;
import io.multijvm.shared.PipeEnd;
import io.multijvm.wire.objects.PipeSaid;
import io.multijvm.wire.pipe.PipePart;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ends of a pipe that are closed while they are on their way, or for which there is no memory. The right end is what moves. */
@Timeout(60)
class PipeEndsInTroubleTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final byte[] FIRST = {1};

    private final PlayedPipes pipes = new PlayedPipes();
    private final PlayedProcess other = pipes.process();
    private final PlayedProcess a = pipes.process();
    private final PlayedProcess b = pipes.process();

    @AfterEach
    void end() {
        pipes.close();
    }

    private static <T> FutureTask<T> aside(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "aside");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static <T> T within(FutureTask<T> task) throws Exception {
        return task.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private void awaitHeard(Class<? extends PipeSaid> kind, int times) {
        await().atMost(LONG).until(() -> pipes.heard(kind) >= times);
    }

    private static void awaitWord(PlayedProcess process) {
        await().atMost(LONG).until(() -> process.waiting() > 0);
    }

    private void otherSideHearsThatItIsClosed(String by) {
        PipeEnd<Object> left = other.left(1);
        assertThatThrownBy(() -> left.receive(LONG))
                .isInstanceOf(PipeClosedException.class)
                .hasMessageContaining(by + " ")
                .hasMessageContaining("closed it");
    }

    @Test
    void anEndThatIsClosedByTheOnlyOneWhoWantedItIsClosedWhenItsHolderHasGivenItUp() throws Exception {
        assertThat(other.left(1).poll()).isFalse();
        assertThat(a.right(1).poll()).isFalse();
        a.hold();
        PipeEnd<Object> atB = b.right(1);
        FutureTask<byte[]> waits = aside(atB::receiveBytes);
        awaitWord(a);
        atB.close();
        assertThatThrownBy(() -> within(waits)).hasMessageContaining("was closed by this program");
        awaitHeard(PipeSaid.Close.class, 1);
        assertThat(other.left(1).poll()).as("its holder has not given it up").isFalse();

        a.hearAll();

        otherSideHearsThatItIsClosed("process 4");
        assertThatThrownBy(() -> pipes.process().right(1).poll()).hasMessageContaining("closed it");
    }

    @Test
    void anEndThatIsClosedHereAndForWhichThereIsNoMemoryIsClosedForTheOtherSideToo() throws Exception {
        PipeEnd<Object> left = other.left(1);
        left.sendBytes(FIRST);
        assertThat(a.right(1).poll()).isTrue();
        PipeEnd<Object> atB = b.right(1);
        pipes.nothingIsReadBack();
        b.hold();
        FutureTask<byte[]> receives = aside(atB::receiveBytes);
        awaitWord(b);
        b.hearOne(); // that the pipe is there
        awaitWord(b);
        b.hearOne(); // that the end is its own
        awaitHeard(PipeSaid.Kept.class, 1);
        atB.close();
        b.hearAll(); // that it cannot have what had arrived

        assertThatThrownBy(() -> within(receives)).hasMessageContaining("there is no memory for it");
        otherSideHearsThatItIsClosed("process 4");
    }

    @Test
    void anEndForWhichThereIsNoMemoryStaysForOthersIfItIsNotClosed() throws Exception {
        other.left(1).sendBytes(FIRST);
        assertThat(a.right(1).poll()).isTrue();
        pipes.nothingIsReadBack();
        PipeEnd<Object> atB = b.right(1);
        assertThatThrownBy(atB::receiveBytes).hasMessageContaining("there is no memory for it");
        awaitHeard(PipeSaid.GiveUp.class, 2);
        assertThat(other.left(1).poll()).as("it is not closed").isFalse();
    }

    @Test
    void whatHadArrivedOfAMessageGoesOnToTheNextThoughThereWasNoMemoryToHandItOnForAWhile() throws Exception {
        byte[] message = new byte[3 * PipePart.MOST_BYTES - 5];
        new Random(1).nextBytes(message);
        for (int gone = 0; gone <= 2; gone++) {
            int pipe = gone + 1;
            FutureTask<Boolean> sends = aside(() -> {
                other.left(pipe).sendBytes(message);
                return true;
            });
            assertThat(a.right(pipe).poll(LONG)).isTrue();
            assertThat(within(sends)).isTrue();
            a.lacksMemory(gone, 2);
            FutureTask<byte[]> next = aside(() -> b.right(pipe).receiveBytes());
            assertThat(within(next)).as("after %s parts", gone).isEqualTo(message);
        }
    }
}
