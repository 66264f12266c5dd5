// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.Waitable;
import io.multijvm.wire.objects.PipeSaid;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Ends of a pipe pass from process to process while words about that cross each other: no message is lost, nobody waits for ever. The
 * right end is what moves; the left one sends.
 */
@Timeout(60)
class PipeEndsThatMoveTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(30);
    private static final byte[] FIRST = {1};
    private static final byte[] SECOND = {2, 2};

    private final PlayedPipes pipes = new PlayedPipes();
    private final PlayedProcess sends = process();
    private final PlayedProcess a = process();
    private final PlayedProcess b = process();

    private PlayedProcess process() {
        return pipes.process();
    }

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

    private static void awaitWords(PlayedProcess process, int words) {
        await().atMost(LONG).until(() -> process.waiting() >= words);
    }

    private static void awaitThread(Thread thread, Thread.State state) {
        await().atMost(LONG).until(() -> thread.getState() == state);
    }

    /** The right end is this one's, and from now on it hears nothing. */
    private static void holdsTheEnd(PlayedProcess process) {
        assertThat(process.right(1).poll()).isFalse();
        process.hold();
    }

    @Test
    void whoClosesAnEndWhileItWaitsForItWaitsNoLongerAndTheNextHasIt() throws Exception {
        holdsTheEnd(a);
        PipeEnd<Object> atB = b.right(1);
        FutureTask<byte[]> waits = aside(atB::receiveBytes);
        awaitWords(a, 1);
        atB.close();
        assertThatThrownBy(() -> within(waits))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was closed by this program");
        sends.left(1).sendBytes(FIRST);
        long claims = pipes.heard(PipeSaid.Claim.class);
        PlayedProcess c = process();
        FutureTask<byte[]> next = aside(() -> c.right(1).receiveBytes());
        await().atMost(LONG).until(() -> pipes.heard(PipeSaid.Claim.class) > claims);
        a.hearAll();
        assertThat(within(next)).isEqualTo(FIRST);
    }

    @Test
    void whoClosesAnEndThatIsOnItsWayHereClosesItForTheOtherSideToo() throws Exception {
        PipeEnd<Object> atB = b.right(1);
        assertThat(atB.poll()).isFalse();
        b.left(1).close(); // all that it has asked for before was heard
        PipeEnd<Object> next = b.right(2);
        assertThat(b.left(2).poll()).as("the pipe is open here").isFalse();
        b.hold();
        FutureTask<Boolean> polls = aside(() -> next.poll(LONG));
        awaitWords(b, 1);
        next.close();
        b.hearAll();
        assertThatThrownBy(() -> within(polls)).hasMessageContaining("was closed by this program");
        b.left(2).close();
        PipeEnd<Object> other = b.left(2);
        assertThatThrownBy(other::poll).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> a.right(2).poll()).hasMessageContaining("closed it");
    }

    @Test
    void whatHadArrivedWhereAnEndIsClosedGoesToWhoHadClaimedItBefore() throws Exception {
        sends.left(1).sendBytes(FIRST);
        PipeEnd<Object> atA = a.right(1);
        assertThat(atA.poll()).isTrue();
        sends.left(1).sendBytes(SECOND);
        a.hold();
        PipeEnd<Object> atB = b.right(1);
        FutureTask<byte[]> claims = aside(atB::receiveBytes);
        awaitWords(a, 1);
        atA.close();
        a.hearAll();
        assertThat(within(claims)).isEqualTo(FIRST);
        assertThat(atB.receiveBytes()).isEqualTo(SECOND);
    }

    @Test
    void aWordThatTheCloseOfAnEndHasCrossedDoesNotMatterWhenTheEndComesBack() throws Exception {
        holdsTheEnd(a);
        PipeEnd<Object> atA = a.right(1);
        FutureTask<byte[]> atB = aside(() -> b.right(1).receiveBytes());
        awaitWords(a, 1);
        atA.close();
        a.rightArrives(1); // sent back at once
        sends.left(1).sendBytes(FIRST);
        FutureTask<byte[]> back = aside(() -> {
            byte[] heard = within(atB);
            assertThat(heard).isEqualTo(FIRST);
            return atA.receiveBytes();
        });
        a.hearAll();
        assertThat(within(atB)).isEqualTo(FIRST);
        sends.left(1).sendBytes(SECOND);
        assertThat(within(back)).isEqualTo(SECOND);
        sends.left(1).sendBytes(FIRST);
        assertThat(process().right(1).receiveBytes()).isEqualTo(FIRST);
    }

    @Test
    void aMessageThatIsAskedForWhenTheEndIsAboutToMoveGoesToTheNext() throws Exception {
        PipeEnd<Object> atA = a.right(1);
        assertThat(atA.poll()).isFalse(); // it has asked for a message
        a.hold();
        FutureTask<Boolean> waits = aside(() -> atA.poll(LONG));
        FutureTask<byte[]> atB = aside(() -> b.right(1).receiveBytes());
        awaitWords(a, 2);
        a.hearOne(); // that it gets no message; so it asks again, for it has not heard yet why
        awaitWords(a, 2);
        sends.left(1).sendBytes(FIRST);
        a.hearAll();
        assertThat(within(atB)).isEqualTo(FIRST);
        assertThatThrownBy(() -> within(waits)).hasMessageContaining("is used by process 4");
    }

    @Test
    void timeLimitsHoldForTheFirstUseOfAnEndThatIsNotGivenUp() throws Exception {
        holdsTheEnd(a);
        PipeEnd<Object> atB = b.right(1);
        FutureTask<Boolean> all = aside(() -> {
            assertThat(atB.poll()).isFalse();
            assertThat(atB.poll(SHORT)).isFalse();
            assertThatThrownBy(() -> atB.receive(SHORT)).isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> atB.receive(Duration.ZERO)).isInstanceOf(TimeoutException.class);
            assertThat(Waitable.any(SHORT, List.of(atB))).isEmpty();
            return true;
        });
        assertThat(within(all)).isTrue();
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        FutureTask<Waitable.Registration> registers = aside(() -> atB.whenReady(() -> ready.complete(true)));
        Waitable.Registration registration = within(registers);
        sends.left(1).sendBytes(FIRST);
        assertThat(ready).isNotDone();
        a.hearAll();
        assertThat(ready.get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        registration.close();
        assertThat(atB.receiveBytes()).isEqualTo(FIRST);
    }

    @Test
    void anInterruptEndsTheWaitForAnEndAndItCanBeHadLater() throws Exception {
        holdsTheEnd(a);
        PipeEnd<Object> atB = b.right(1);
        FutureTask<byte[]> waits = new FutureTask<>(atB::receiveBytes);
        Thread waiting = new Thread(waits, "aside");
        waiting.start();
        awaitWords(a, 1);
        awaitThread(waiting, Thread.State.TIMED_WAITING);
        waiting.interrupt();
        assertThatThrownBy(() -> within(waits)).hasCauseInstanceOf(InterruptedException.class);
        sends.left(1).sendBytes(FIRST);
        a.hearAll();
        assertThat(atB.receiveBytes()).isEqualTo(FIRST);
    }

    @Test
    void anActionMayWaitForAnEndThatAnotherProcessHasToGiveUp() throws Exception {
        assertThat(a.right(2).poll()).isFalse();
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        Waitable.Registration registration = b.right(1).whenReady(() -> {
            try {
                received.complete(
                        b.right(2).receiveBytes()); // process a gives it up, and only then is it sent something
            } catch (InterruptedException e) {
                received.completeExceptionally(e);
            }
        });
        sends.left(1).sendBytes(FIRST);
        await().atMost(LONG).until(() -> isElsewhere(a.right(2)));
        Waitable.Registration second = sends.right(3).whenReady(() -> {
            try {
                sends.left(2).sendBytes(SECOND);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        sends.left(3).sendBytes(FIRST);
        assertThat(received.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(SECOND);
        registration.close();
        second.close();
    }

    private static boolean isElsewhere(PipeEnd<Object> end) {
        try {
            boolean unused = end.poll();
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Test
    void whatWasKeptAndDidNotFitWhereItArrivedGoesOnToTheNext() throws Exception {
        sends.left(1).sendBytes(FIRST);
        assertThat(a.right(1).poll()).isTrue();
        PipeEnd<Object> atB = b.right(1);
        assertThatThrownBy(() -> atB.receiveBytes(new byte[0])).hasMessageContaining("it stays");
        b.hold();
        PlayedProcess c = process();
        FutureTask<byte[]> atC = aside(() -> c.right(1).receiveBytes());
        awaitWords(b, 1);
        atB.close();
        b.hearAll();
        assertThat(within(atC)).isEqualTo(FIRST);
    }
}
