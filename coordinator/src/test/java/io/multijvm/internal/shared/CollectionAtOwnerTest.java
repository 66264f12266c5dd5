// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.codec.ValueCodec;
import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.objects.CollectionAnswer;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.CollectionHeard;
import io.multijvm.wire.objects.CollectionSaid;
import io.multijvm.wire.objects.Frame;
import io.multijvm.wire.objects.FrameReader;
import io.multijvm.wire.objects.FrameWriter;
import io.multijvm.wire.objects.Heard;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clients that send and take as they like, and a map whose turns come when the test says so. */
class CollectionAtOwnerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long OBJECT = 1;
    private static final int LARGE = 300_000;

    private final Deque<Runnable> turns = new ArrayDeque<>();
    private final OwnersCodec codec = new OwnersCodec(CollectionAtOwnerTest.class);
    private final KeyedAtOwner map = new KeyedAtOwner(OBJECT, PlayedLoop.atOnce(), turns::add, codec);
    private final ValueCodec values = codec.values();

    /** A process, and what it was told. */
    private final class Played implements Client.Ear {
        private final Client client = new Client(7, ProcessStamp.ofThisProcess(), "a worker", this);
        private final FrameReader reader = new FrameReader();
        private final List<Frame> answers = new ArrayList<>();
        private long come;
        private long taken;
        private @Nullable String refused;
        private boolean lacksMemory;

        @Override
        public void tell(long object, long ticket, Heard heard) {
            if (lacksMemory) {
                lacksMemory = false;
                throw new OutOfMemoryError("played");
            }
            if (heard instanceof CollectionHeard bytes) {
                come += bytes.data().length;
                taken += bytes.taken();
                reader.offer(bytes.data());
                for (Frame next = reader.next(); next != null; next = reader.next()) {
                    answers.add(next);
                }
            } else if (heard instanceof Heard.Refused why) {
                refused = why.why();
            }
        }

        @Override
        public void end(String why) {}

        void say(long taken, byte[] data) {
            map.said(client, 0, new CollectionSaid(taken, data));
        }

        void say(Frame... calls) {
            say(0, bytes(calls));
        }
    }

    private static byte[] bytes(Frame... calls) {
        FrameWriter writer = new FrameWriter();
        for (Frame call : calls) {
            writer.write(call);
        }
        return writer.cut(Integer.MAX_VALUE);
    }

    private void work() {
        while (!turns.isEmpty()) {
            turns.remove().run();
        }
    }

    private Frame put(String key, Object value) {
        return Frame.of(CollectionCall.PUT, 0, values.encode(key), values.encode(value));
    }

    private Frame get(String key) {
        return Frame.of(CollectionCall.GET, 0, values.encode(key));
    }

    @Test
    void nothingIsDoneOnTheLoopAndWhatWasTakenInIsToldWithTheAnswers() {
        Played process = new Played();
        byte[] calls = bytes(put("a", 1), get("a"));
        process.say(0, calls);
        assertThat(process.answers).isEmpty();
        work();
        assertThat(process.answers).hasSize(2);
        assertThat(process.taken).isEqualTo(calls.length);
        assertThat(codec.value(process.answers.get(1).parts()[0])).isEqualTo(1);
    }

    @Test
    void aProcessThatTakesNoAnswersIsSentNoMoreThanAWindowAndItsCallsWaitWhileOthersGoOn() {
        Played slow = new Played();
        Played quick = new Played();
        slow.say(put("large", new byte[LARGE]));
        work();
        Frame[] gets = new Frame[20];
        Arrays.fill(gets, get("large"));
        slow.say(gets);
        work();
        assertThat(slow.come).isBetween(CollectionSaid.WINDOW_BYTES - (long) LARGE, (long) CollectionSaid.WINDOW_BYTES);
        int answered = slow.answers.size();
        assertThat(answered).isLessThan(6);
        quick.say(put("large", 1));
        work();
        assertThat(quick.answers).hasSize(1);
        // its calls come to the value that there is when it takes its answers
        while (slow.answers.size() < 21) {
            long before = slow.come;
            slow.say(Math.min(slow.come, 200_000), new byte[0]);
            work();
            assertThat(slow.come).isGreaterThanOrEqualTo(before);
            if (slow.come == before && slow.answers.size() < 21) {
                slow.say(400_000, new byte[0]);
                work();
            }
        }
        assertThat(slow.answers.get(20).parts()[0].length).isLessThan(LARGE);
    }

    @Test
    void aCallThatHasNotComeAsAWholeWhenItsProcessDiesIsNotDoneAndOneThatHasIs() {
        Played dies = new Played();
        byte[] whole = bytes(put("whole", 1));
        byte[] half = bytes(put("half", 2));
        byte[] sent = new byte[whole.length + half.length - 1];
        System.arraycopy(whole, 0, sent, 0, whole.length);
        System.arraycopy(half, 0, sent, whole.length, half.length - 1);
        dies.say(0, sent);
        map.gone(dies.client);
        work();
        assertThat(dies.answers).isEmpty();
        Played lives = new Played();
        lives.say(Frame.of(CollectionCall.SIZE, 0), get("whole"), get("half"));
        work();
        assertThat(lives.answers).extracting(Frame::number).containsExactly(1L, 1L, 0L);
    }

    @Test
    void nonsenseCostsOnlyWhoeverSaysIt() {
        Played odd = new Played();
        odd.say(
                new Frame(99, 0),
                Frame.of(CollectionCall.LIST_GET, 0, values.encode("a")),
                Frame.of(CollectionCall.GET, 0),
                put("a", 1));
        work();
        assertThat(odd.answers).hasSize(4);
        assertThat(odd.answers.subList(0, 3)).allMatch(CollectionAnswer.FAILED::isOf);
        assertThat(odd.answers.get(3)).matches(CollectionAnswer.DONE::isOf);
        byte[] lies = bytes(put("b", 1));
        lies[9] = -1; // a negative number of parts
        odd.say(0, lies);
        work();
        assertThat(odd.refused).contains("makes no sense");
        Played other = new Played();
        other.say(get("a"));
        work();
        assertThat(other.answers.get(0).number()).isEqualTo(1);
    }

    @Test
    void aProcessWhoseAnswersFindNoMemoryIsToldSoAndNeverHearsWhatAnswersAnotherCall() {
        Played unlucky = new Played();
        unlucky.say(put("a", 1));
        work();
        unlucky.lacksMemory = true;
        unlucky.say(put("a", 2));
        work();
        unlucky.say(get("a"));
        work();
        assertThat(unlucky.answers).as("the first call's, and no more").hasSize(1);
        assertThat(unlucky.refused).contains("no memory");
        Played other = new Played();
        other.say(get("a"));
        work();
        assertThat(codec.value(other.answers.get(0).parts()[0]))
                .as("it was done")
                .isEqualTo(2);
    }

    /** A process that sends two messages one behind the other, and looks whether it heard that both were taken in. */
    private static final class Counting implements Client.Ear {
        private final AtomicLong taken = new AtomicLong();

        @Override
        public void tell(long object, long ticket, Heard heard) {
            taken.addAndGet(((CollectionHeard) heard).taken());
        }

        @Override
        public void end(String why) {}
    }

    @Test
    void aProcessHearsThatAllItsCallsWereTakenInWheneverItsAnswersAreSent() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        ExecutorService loopThread = Executors.newSingleThreadExecutor();
        try {
            KeyedAtOwner busy = new KeyedAtOwner(OBJECT, PlayedLoop.in(loopThread), threads, codec);
            Counting counting = new Counting();
            Client client = new Client(8, ProcessStamp.ofThisProcess(), "a worker", counting);
            byte[] first = bytes(put("a", 1), put("b", 2));
            byte[] second = bytes(put("c", 3));
            long sent = 0;
            for (int i = 0; i < 20_000; i++) {
                loopThread.execute(() -> busy.said(client, 0, new CollectionSaid(0, first)));
                loopThread.execute(() -> busy.said(client, 0, new CollectionSaid(0, second)));
                sent += first.length + second.length;
                long all = sent;
                long begin = System.nanoTime();
                while (counting.taken.get() < all && System.nanoTime() - begin < PATIENCE.toNanos()) {
                    Thread.onSpinWait();
                }
                assertThat(counting.taken.get())
                        .as("bytes of messages 1 to %s that it heard to be taken in", 2 * i + 2)
                        .isEqualTo(all);
                long come = 2L * first.length; // more than it is sent in answers: it takes them all
                loopThread.execute(() -> busy.said(client, 0, new CollectionSaid(come, new byte[0])));
            }
        } finally {
            loopThread.shutdownNow();
            threads.shutdownNow();
        }
    }
}
