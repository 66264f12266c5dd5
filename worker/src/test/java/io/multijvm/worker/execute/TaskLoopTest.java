// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.codec.PackedType;
import io.multijvm.codec.PackedValues;
import io.multijvm.task.SerializableFunction;
import io.multijvm.task.TaskContext;
import io.multijvm.wire.mapped.ItemState;
import io.multijvm.wire.mapped.RecorderReader;
import io.multijvm.wire.mapped.RecorderReader.RingRecord;
import io.multijvm.wire.mapped.ResultKind;
import io.multijvm.wire.v1.Failure;
import io.multijvm.wire.v1.FailurePhase;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TaskLoopTest {
    private static final CountDownLatch NEVER = new CountDownLatch(1);
    /** Tasks meet the test here. */
    private static final SynchronousQueue<String> HERE = new SynchronousQueue<>();

    private static final AtomicInteger DECODED = new AtomicInteger();

    @TempDir
    Path directory;

    private Bench bench;

    @BeforeEach
    void setUp() throws Exception {
        bench = new Bench(directory.resolve("recorder"), Bench.RING);
    }

    @AfterEach
    void tearDown() {
        bench.close();
    }

    @Test
    void itemsAreFinishedInOrderAndCommittedOneByOne() {
        bench.loop.add(bench.chunk((Integer i) -> i * i, List.of(1, 2, 3)));
        for (int i = 1; i <= 3; i++) {
            assertThat(bench.nextValue()).isEqualTo(i * i);
        }
    }

    @Test
    void moreResultsThanTheRingHoldsWaitForTheReader() throws Exception {
        List<Integer> items = IntStream.range(0, 5000).boxed().toList();
        try (Bench small = new Bench(directory.resolve("small"), Bench.SMALL_RING)) {
            small.loop.add(small.chunk((Integer i) -> "result " + i, items));
            for (int i : items) {
                assertThat(small.nextValue()).isEqualTo("result " + i);
            }
        }
    }

    @Test
    void quickResultsOfOneTypeCrossInFewRecords() {
        List<Integer> items = IntStream.range(0, 100_000).boxed().toList();
        bench.loop.add(bench.packedChunk((Integer i) -> i + 1, items));
        int next = 0;
        int records = 0;
        while (next < items.size()) {
            RingRecord record = bench.nextRecord();
            PackedType type = Objects.requireNonNull(
                    PackedType.ofCode(Objects.requireNonNull(record.run()).type()));
            PackedValues values = new PackedValues(type, record.data(), 0, record.data().length);
            records++;
            assertThat(record.position()).isEqualTo(next);
            while (values.hasNext()) {
                assertThat(values.next()).isEqualTo(++next);
            }
        }
        System.out.println("100000 results in " + records + " reads of the ring");
    }

    @Test
    @SuppressWarnings("NullAway") // it does not see that a result may be null
    void resultsThatDoNotPackAndFailuresKeepTheirPlacesAmongThoseThatDo() throws Exception {
        bench.loop.add(bench.packedChunk(
                TaskLoopTest::mixed, IntStream.range(0, 40).boxed().toList()));
        for (int i = 0; i < 40; i++) {
            if (i == 8) {
                assertThat(bench.nextFailure().getThrown().getClassName())
                        .isEqualTo(ArithmeticException.class.getName());
                continue;
            }
            RingRecord next = bench.next();
            assertThat(next.position()).isEqualTo(i);
            Object value = bench.codec.decode(next.data(), 0, next.data().length);
            assertThat(value).as("item %d", i).isEqualTo(mixed(i));
        }
    }

    private static @Nullable Object mixed(int i) {
        if (i % 7 == 0) {
            return null;
        }
        if (i % 5 == 0) {
            return List.of(i);
        }
        return i % 3 == 0 ? "s" + i : (Object) (600 / (i - 8));
    }

    @Test
    void whatIsFinishedCanBeReadWhileTheNextItemRuns() throws Exception {
        bench.loop.add(bench.packedChunk(
                (Integer i) -> {
                    if (i == 3) {
                        HERE.put("at the fourth");
                    }
                    return i;
                },
                List.of(0, 1, 2, 3, 4)));
        for (int i = 0; i < 3; i++) {
            assertThat(bench.nextValue()).isEqualTo(i);
        }
        assertThat(bench.reader.poll()).isNull();
        assertThat(HERE.poll(30, TimeUnit.SECONDS)).isEqualTo("at the fourth");
        assertThat(bench.nextValue()).isEqualTo(3);
        assertThat(bench.nextValue()).isEqualTo(4);
    }

    @Test
    void runsThatFillTheRingWaitForTheReader() throws Exception {
        List<Integer> items = IntStream.range(0, 20_000).boxed().toList();
        try (Bench small = new Bench(directory.resolve("small"), Bench.SMALL_RING)) {
            small.loop.add(small.packedChunk((Integer i) -> "r" + i, items));
            for (int i : items) {
                assertThat(small.nextValue()).isEqualTo("r" + i);
            }
        }
    }

    @Test
    void withExactTimesEachQuickItemHasItsOwnBeginning() throws Exception {
        bench.reader.wantExactTimes();
        bench.loop.add(bench.packedChunk(
                (Integer i) -> {
                    if (i == 999) {
                        HERE.put("after many quick ones");
                    }
                    return i;
                },
                IntStream.range(0, 1000).boxed().toList()));
        for (int i = 0; i < 999; i++) {
            assertThat(bench.nextValue()).isEqualTo(i);
        }
        RecorderReader.Running at = bench.reader.running();
        while (at.position() < 999 || at.state() != ItemState.RUN) {
            at = bench.reader.running();
        }
        long began = at.began();
        assertThat(began).isLessThanOrEqualTo(System.nanoTime());
        assertThat(bench.reader.running().began()).isEqualTo(began);
        assertThat(HERE.poll(30, TimeUnit.SECONDS)).isNotNull();
        assertThat(bench.nextValue()).isEqualTo(999);
    }

    @Test
    void aResultThatDoesNotFitTheRingGoesTheOtherWay() throws Exception {
        bench.loop.add(bench.chunk((Integer n) -> new byte[n], List.of(Bench.RING, 1)));
        RingRecord large = bench.large.poll(30, TimeUnit.SECONDS);
        assertThat(large).isNotNull();
        assertThat(large.position()).isEqualTo(0);
        assertThat(large.data()).hasSize(Bench.RING + 1);
        assertThat(bench.next().position()).isEqualTo(1);
    }

    @Test
    void whatATaskThrowsIsItsItemsFailureAndTheNextItemRuns() throws Exception {
        bench.loop.add(bench.chunk((Integer i) -> 10 / i, List.of(0, 5)));
        Failure failure = bench.nextFailure();
        assertThat(failure.getPhase()).isEqualTo(FailurePhase.FAILURE_PHASE_RUN);
        assertThat(failure.getThrown().getClassName()).isEqualTo(ArithmeticException.class.getName());
        assertThat(bench.nextValue()).isEqualTo(2);
    }

    @Test
    void aStackThatOverflowsIsAnOrdinaryFailure() throws Exception {
        bench.loop.add(bench.chunk((Integer i) -> i < 0 ? forEver(i) : i, List.of(-1, 7)));
        assertThat(bench.nextFailure().getThrown().getClassName()).isEqualTo(StackOverflowError.class.getName());
        assertThat(bench.nextValue()).isEqualTo(7);
    }

    @SuppressWarnings("InfiniteRecursion") // that is what it is for
    private static int forEver(int i) {
        return 1 + forEver(i);
    }

    @Test
    void causesThatGoRoundInACircleDoNotHoldUpTheWorker() throws Exception {
        bench.loop.add(bench.chunk(
                (Integer i) -> {
                    IllegalStateException outer = new IllegalStateException("outer");
                    outer.initCause(new IllegalStateException("inner", outer));
                    throw outer;
                },
                List.of(1)));
        assertThat(bench.nextFailure().getThrown().getMessage()).isEqualTo("outer");
    }

    @Test
    void anExceptionWhoseOwnMethodsThrowIsAFailureLikeAnyOther() throws Exception {
        bench.loop.add(bench.chunk(
                (Integer i) -> {
                    throw new Hostile();
                },
                List.of(1)));
        assertThat(bench.nextFailure().getThrown().getClassName()).isEqualTo(Hostile.class.getName());
    }

    private static final class Hostile extends RuntimeException {
        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no cause for you");
        }

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message for you");
        }
    }

    @Test
    void aWrappedOutOfMemoryErrorRetiresTheWorkerWithTheItemStillAtHand() throws Exception {
        bench.loop.add(bench.chunk(
                (Integer i) -> {
                    throw new IllegalStateException("wrapped", new OutOfMemoryError("no direct memory"));
                },
                List.of(1, 2)));
        assertThat(bench.retired.get(30, TimeUnit.SECONDS))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("no direct memory");
        assertThat(bench.reader.poll()).isNull();
        RecorderReader.Running atHand = bench.reader.running();
        assertThat(atHand).isEqualTo(new RecorderReader.Running(1, 0, ItemState.RUN, atHand.began()));
    }

    @Test
    void aTaskThatCannotBeDecodedFailsEachItemAndIsTriedOnce() throws Exception {
        DECODED.set(0);
        bench.loop.add(bench.chunk(1, bench.code(new Undecodable()), List.of(1, 2)));
        assertThat(bench.nextFailure().getPhase()).isEqualTo(FailurePhase.FAILURE_PHASE_DECODE_TASK);
        assertThat(bench.nextFailure().getPhase()).isEqualTo(FailurePhase.FAILURE_PHASE_DECODE_TASK);
        assertThat(DECODED).hasValue(1);
    }

    @Test
    void whatIsNoTaskIsRefusedByItsClass() throws Exception {
        bench.loop.add(bench.chunk(1, bench.code("a string"), List.of(1)));
        Failure failure = bench.nextFailure();
        assertThat(failure.getPhase()).isEqualTo(FailurePhase.FAILURE_PHASE_DECODE_TASK);
        assertThat(failure.getThrown().getMessage()).contains("java.lang.String", "SerializableFunction");
    }

    private static final class Undecodable implements SerializableFunction<Object, Object> {
        @Override
        public Object applyOrThrow(Object item) {
            return item;
        }

        private Object readResolve() {
            DECODED.incrementAndGet();
            throw new IllegalStateException("made only to be sent");
        }
    }

    @Test
    void anItemOrAResultThatCannotCrossSaysWhereItFailed() throws Exception {
        bench.loop.add(bench.chunk((Object i) -> i, List.of(new Undecodable())));
        assertThat(bench.nextFailure().getPhase()).isEqualTo(FailurePhase.FAILURE_PHASE_DECODE_ITEM);
        bench.loop.add(bench.chunk((Integer i) -> new Object(), List.of(1)));
        assertThat(bench.nextFailure().getPhase()).isEqualTo(FailurePhase.FAILURE_PHASE_ENCODE_RESULT);
    }

    @Test
    void aNullResultIsAValue() {
        bench.loop.add(bench.chunk(new Nothing(), List.of(1)));
        assertThat(bench.nextValue()).isNull();
    }

    private static final class Nothing implements SerializableFunction<Integer, @Nullable Object> {
        @Override
        @SuppressWarnings("NullAway") // it does not see the @Nullable of the type argument
        public @Nullable Object applyOrThrow(Integer item) {
            return null;
        }
    }

    @Test
    void aTaskKnowsWhereItRunsAndNobodyElseDoes() {
        bench.loop.add(bench.chunk(
                (Integer i) -> {
                    TaskContext context = TaskContext.current();
                    return context.slot() + "/" + context.incarnation() + "/" + context.itemIndex() + "/"
                            + context.isCancelled();
                },
                List.of(1, 2)));
        assertThat(bench.nextValue()).isEqualTo("3/2/1000/false");
        assertThat(bench.nextValue()).isEqualTo("3/2/1001/false");
        assertThatThrownBy(TaskContext::current).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCancelledItemThatRunsIsInterruptedAndTheNextOneIsNot() throws Exception {
        WorkerChunk chunk = bench.chunk((Integer i) -> i == 0 ? sleepUntilInterrupted() : interrupted(), List.of(0, 1));
        bench.loop.add(chunk);
        assertThat(HERE.poll(30, TimeUnit.SECONDS)).isEqualTo("asleep");
        bench.loop.cancel(chunk.id(), 0);
        assertThat(bench.nextValue()).isEqualTo("woken, cancelled: true");
        assertThat(bench.nextValue()).isEqualTo("interrupted: false");
    }

    private static String sleepUntilInterrupted() throws InterruptedException {
        HERE.put("asleep");
        try {
            NEVER.await();
            return "nobody came";
        } catch (InterruptedException e) {
            return "woken, cancelled: " + TaskContext.current().isCancelled();
        }
    }

    private static String interrupted() {
        return "interrupted: " + Thread.currentThread().isInterrupted();
    }

    @Test
    void anInterruptThatATaskLeavesBehindDoesNotReachTheNextItem() {
        bench.loop.add(bench.chunk(
                (Integer i) -> {
                    String seen = interrupted();
                    Thread.currentThread().interrupt();
                    return seen;
                },
                List.of(1, 2)));
        assertThat(bench.nextValue()).isEqualTo("interrupted: false");
        assertThat(bench.nextValue()).isEqualTo("interrupted: false");
    }

    @Test
    void aCancelledItemThatHasNotBegunIsSkipped() throws Exception {
        WorkerChunk first = bench.chunk((Integer i) -> i == 0 ? meet() : i, List.of(0, 1, 2));
        bench.loop.add(first);
        bench.loop.cancel(first.id(), 1);
        assertThat(HERE.poll(30, TimeUnit.SECONDS)).isEqualTo("here");
        assertThat(bench.nextValue()).isEqualTo(0);
        RingRecord skipped = bench.next();
        assertThat(skipped.kind()).isEqualTo(ResultKind.CANCELLED);
        assertThat(skipped.data()).isEmpty();
        assertThat(bench.nextValue()).isEqualTo(2);
    }

    private static int meet() throws InterruptedException {
        HERE.put("here");
        return 0;
    }

    @Test
    void aCancelThatComesBeforeItsChunkIsRemembered() {
        bench.loop.cancel(1, 1);
        bench.loop.add(bench.chunk((Integer i) -> i, List.of(5, 6)));
        assertThat(bench.nextValue()).isEqualTo(5);
        assertThat(bench.next().kind()).isEqualTo(ResultKind.CANCELLED);
        bench.loop.cancel(1, 0);
        bench.loop.add(bench.chunk((Integer i) -> i, List.of(7)));
        assertThat(bench.nextValue())
                .as("a cancel that comes too late hits nobody")
                .isEqualTo(7);
    }

    @Test
    void aRecallOfAChunkThatIsFinishedGivesNothingBack() {
        WorkerChunk chunk = bench.chunk((Integer i) -> i, List.of(1));
        bench.loop.add(chunk);
        bench.next();
        assertThat(bench.loop.recall(chunk.id(), true)).isPositive();
        assertThat(bench.loop.recall(4711, true)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void theContextLoaderIsTheCodecs() {
        bench.loop.add(bench.chunk(
                (Integer i) -> Thread.currentThread().getContextClassLoader() == TaskLoopTest.class.getClassLoader(),
                Collections.nCopies(1, 1)));
        assertThat(bench.nextValue()).isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancelsAtAnyMomentNeitherLoseNorMisplaceAnInterrupt(boolean packed) throws Exception {
        // each even item waits for its interrupt, and would wait for ever if that were lost;
        // each odd one reports whether it was hit by somebody else's
        List<Integer> items = IntStream.range(0, 400).boxed().toList();
        SerializableFunction<Integer, String> task = i -> i % 2 == 0 ? waitForInterrupt() : interrupted();
        WorkerChunk chunk = packed ? bench.packedChunk(task, items) : bench.chunk(task, items);
        bench.loop.add(chunk);
        for (int i = 0; i < items.size(); i += 2) {
            bench.loop.cancel(chunk.id(), i);
            RingRecord even = bench.next();
            assertThat(even.position()).isEqualTo(i);
            if (even.kind() == ResultKind.VALUE) {
                assertThat(bench.codec.decode(even.data(), 0, even.data().length))
                        .isEqualTo("interrupted");
            } else {
                assertThat(even.kind()).isEqualTo(ResultKind.CANCELLED);
            }
            assertThat(bench.nextValue()).isEqualTo("interrupted: false");
        }
    }

    @Test
    void aCancelOfAllOfAChunkInterruptsTheItemThatRunsAndSkipsThoseBehindIt() throws Exception {
        WorkerChunk chunk = bench.chunk(
                i -> {
                    HERE.put("running " + i);
                    return waitForInterrupt();
                },
                List.of(0, 1, 2));
        bench.loop.add(chunk);
        assertThat(HERE.poll(30, TimeUnit.SECONDS)).isEqualTo("running 0");
        bench.loop.cancel(chunk.id(), WorkerChunk.ALL);
        assertThat(bench.nextValue()).isEqualTo("interrupted");
        assertThat(bench.next().kind()).isEqualTo(ResultKind.CANCELLED);
        assertThat(bench.next().kind()).isEqualTo(ResultKind.CANCELLED);

        WorkerChunk late = bench.chunk(i -> interrupted(), List.of(0));
        bench.loop.cancel(late.id(), WorkerChunk.ALL);
        bench.loop.add(late);
        assertThat(bench.next().kind()).isEqualTo(ResultKind.CANCELLED);
    }

    /** Its time is over while its argument is read: its task must not run as if nothing were. */
    @Test
    void anItemWhoseTimeIsOverBeforeItsTaskIsCalledIsSkipped() throws Exception {
        WorkerChunk chunk = bench.chunk((SlowToRead i) -> "ran", List.of(new SlowToRead()));
        bench.loop.add(chunk);
        assertThat(HERE.poll(30, TimeUnit.SECONDS)).isEqualTo("reading");
        bench.loop.timeOut(chunk.id(), 0);
        while (!chunk.isCancelled(0)) {
            Thread.onSpinWait();
        }
        HERE.put("go on");
        assertThat(bench.next().kind()).isEqualTo(ResultKind.CANCELLED);
    }

    static final class SlowToRead implements Serializable {
        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            try {
                HERE.put("reading");
                var unused = HERE.take();
            } catch (InterruptedException e) {
                throw new InvalidObjectException("interrupted");
            }
        }
    }

    @Test
    void ofQuickItemsOnlyThoseAreInterruptedThatSomebodyCancels() throws Exception {
        // even ones are cancelled while they run, or nearly; odd ones never
        List<Integer> items = IntStream.range(0, 100_000).boxed().toList();
        WorkerChunk chunk = bench.packedChunk(i -> reportInterrupt(i), items);
        AtomicBoolean over = new AtomicBoolean();
        Thread[] cancellers = {canceller(chunk, over, 0), canceller(chunk, over, 2)};
        bench.loop.add(chunk);
        int interrupted = 0;
        int skipped = 0;
        for (int i = 0; i < items.size(); i++) {
            RingRecord found = bench.next();
            boolean value = found.kind() == ResultKind.VALUE;
            boolean hit = value && !Objects.equals(bench.codec.decode(found.data(), 0, found.data().length), i);
            assertThat(found.position()).isEqualTo(i);
            assertThat(i % 2 == 1 && (hit || !value))
                    .as("item " + i + " was hit")
                    .isFalse();
            interrupted += hit ? 1 : 0;
            skipped += value ? 0 : 1;
        }
        over.set(true);
        for (Thread canceller : cancellers) {
            canceller.join();
        }
        System.out.printf("%d of %d quick items interrupted, %d skipped%n", interrupted, items.size(), skipped);
        assertThat(interrupted + skipped).isPositive();
    }

    private Thread canceller(WorkerChunk chunk, AtomicBoolean over, int ahead) {
        Thread thread = new Thread(() -> {
            while (!over.get()) {
                bench.loop.cancel(chunk.id(), (at | 1) + 1 + ahead);
                bench.loop.cancel(chunk.id(), at & ~1);
            }
        });
        thread.start();
        return thread;
    }

    private static volatile int at;

    private static int reportInterrupt(int item) {
        at = item;
        for (int i = 0; i < 200; i++) {
            Thread.onSpinWait();
        }
        return Thread.currentThread().isInterrupted() ? -1 : item;
    }

    private static String waitForInterrupt() {
        try {
            NEVER.await();
            return "never";
        } catch (InterruptedException e) {
            return "interrupted";
        }
    }
}
