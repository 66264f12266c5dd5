// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.multijvm.failure.MultijvmException;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.RemoteTaskException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.task.Codec;
import io.multijvm.wire.v1.Failure;
import io.multijvm.wire.v1.FailurePhase;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a task throws reaches its caller: as itself where that can be rebuilt, as data otherwise. */
class FailuresTest {
    private static final String WHERE = "worker 3 (pid 4711)";

    private final ValueCodec worker = Samples.fory();
    private final ValueCodec coordinator = new ValueCodec(
            new ForyCodec(), FailuresTest.class.getClassLoader(), AllowList.forTask(Samples.class, List.of()));

    static List<Codec> codecs() {
        return List.of(new ForyCodec(), new JavaCodec());
    }

    /** Which loader and module a frame was in does not cross. */
    private static List<String> lines(Throwable thrown) {
        return java.util.Arrays.stream(thrown.getStackTrace())
                .map(frame -> frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber())
                .collect(java.util.stream.Collectors.toList());
    }

    private Throwable causeAfterCrossing(Throwable thrown) {
        Failure failure = Failures.of(thrown, FailurePhase.FAILURE_PHASE_RUN, worker);
        MultijvmException error = Failures.toException(failure, 37, coordinator, WHERE);
        assertThat(error).isInstanceOf(TaskFailedException.class);
        assertThat(((TaskFailedException) error).index()).isEqualTo(37);
        return Objects.requireNonNull(error.getCause());
    }

    @Test
    void theMessageNamesItemExceptionAndWorker() {
        Failure failure = Failures.of(new IllegalStateException("boom"), FailurePhase.FAILURE_PHASE_RUN, worker);
        assertThat(Failures.toException(failure, 37, coordinator, WHERE))
                .hasMessage("item 37 failed: java.lang.IllegalStateException: boom (in worker 3 (pid 4711))");
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void anExceptionComesBackAsItselfWithFramesCauseAndSuppressed(Codec codec) {
        Exception inner = new IllegalArgumentException("inner");
        Exception thrown = new IllegalStateException("outer", inner);
        thrown.addSuppressed(new ArithmeticException("aside"));
        ValueCodec values = Samples.codec(codec);
        Failure failure = Failures.of(thrown, FailurePhase.FAILURE_PHASE_RUN, values);
        Throwable back = Objects.requireNonNull(
                Failures.toException(failure, 1, values, WHERE).getCause());

        assertThat(back).isInstanceOf(IllegalStateException.class).hasMessage("outer");
        assertThat(lines(back)).isEqualTo(lines(thrown));
        assertThat(back.getCause()).hasMessageContaining("inner");
        assertThat(back.getCause()).extracting(FailuresTest::lines).isEqualTo(lines(inner));
        assertThat(back.getSuppressed()).hasSize(1);
        assertThat(back.getSuppressed()[0]).hasMessageContaining("aside");
    }

    @Test
    void anExceptionWhoseConstructorTakesTwoArgumentsIsRebuilt() {
        Throwable back = causeAfterCrossing(new Samples.TwoArgumentException("two", 42));
        assertThat(back).isInstanceOf(Samples.TwoArgumentException.class).hasMessage("two");
        assertThat(((Samples.TwoArgumentException) back).code).isEqualTo(42);
        assertThat(back.getStackTrace()[0].getMethodName())
                .isEqualTo("anExceptionWhoseConstructorTakesTwoArgumentsIsRebuilt");
    }

    @Test
    void anExceptionThatCannotBeEncodedComesBackAsData() {
        Throwable thrown = new Samples.HoldsThreadException("holds", new IllegalStateException("why"));
        Throwable back = causeAfterCrossing(thrown);
        assertThat(back).isInstanceOf(RemoteTaskException.class);
        assertThat(((RemoteTaskException) back).className()).isEqualTo(Samples.HoldsThreadException.class.getName());
        assertThat(((RemoteTaskException) back).remoteMessage()).isEqualTo("holds");
        assertThat(lines(back)).isEqualTo(lines(thrown));
        assertThat(back.getCause()).hasMessageContaining("IllegalStateException: why");
    }

    @Test
    void anExceptionThatOnlyForyCarriesHasItsOwnFramesAndNotThoseOfItsDecoding() {
        Throwable thrown = new Samples.HoldsRecordException("r");
        Throwable back = causeAfterCrossing(thrown);
        assertThat(back).isInstanceOf(Samples.HoldsRecordException.class).hasMessage("r");
        assertThat(lines(back)).isEqualTo(lines(thrown));
    }

    @Test
    void anExceptionThatTakesNoFramesShowsThemBesideIt() {
        Throwable thrown = new Samples.TwoArgumentRecordException("r", new Samples.Empty());
        Failure failure = Failures.of(thrown, FailurePhase.FAILURE_PHASE_RUN, worker);
        MultijvmException error = Failures.toException(failure, 1, coordinator, WHERE);
        assertThat(error.getCause()).isInstanceOf(Samples.TwoArgumentRecordException.class);
        assertThat(error.getSuppressed()).hasSize(1);
        assertThat(lines(error.getSuppressed()[0])).isEqualTo(lines(thrown));
    }

    @Test
    void anExceptionThatIsNotAllowedHereComesBackAsData() {
        Failure failure =
                Failures.of(new Samples.TwoArgumentException("two", 42), FailurePhase.FAILURE_PHASE_RUN, worker);
        ValueCodec strict = new ValueCodec(
                new ForyCodec(), getClass().getClassLoader(), AllowList.forTask(String.class, List.of()));
        Throwable back = Failures.toException(failure, 1, strict, WHERE).getCause();
        assertThat(back).isInstanceOf(RemoteTaskException.class).hasMessageEndingWith("TwoArgumentException: two");
    }

    static List<Throwable> whoseMethodsThrow() {
        return List.of(new Samples.HostileException(), new Samples.TornException());
    }

    @ParameterizedTest
    @MethodSource("whoseMethodsThrow")
    void anExceptionWhoseMethodsThrowIsStillReported(Throwable odd) {
        Throwable back = causeAfterCrossing(odd);
        assertThat(back.getClass().getName()).matches(".*(HostileException|TornException|RemoteTaskException)");
        Failure failure = Failures.of(odd, FailurePhase.FAILURE_PHASE_RUN, worker);
        assertThat(failure.getThrown().getClassName()).isEqualTo(odd.getClass().getName());
        assertThat(Failures.toException(failure, 2, coordinator, WHERE)).hasMessageContaining("getMessage() threw");
    }

    @Test
    void aHugeMessageIsShortenedAndTheRestIsKept() {
        Failure failure =
                Failures.of(new IllegalStateException("x".repeat(5_000_000)), FailurePhase.FAILURE_PHASE_RUN, worker);
        assertThat(failure.getSerializedSize()).isLessThan(300_000);
        assertThat(Failures.toException(failure, 1, coordinator, WHERE)).hasMessageContaining("characters left out");
    }

    @Test
    void aMessageThatIsNoUnicodeCrosses() {
        Failure failure = Failures.of(new IllegalStateException("half \ud83d"), FailurePhase.FAILURE_PHASE_RUN, worker);
        assertThat(failure.toByteString().size()).isPositive();
        assertThat(failure.getThrown().getMessage()).startsWith("half ");
    }

    @Test
    void causesInACircleAndDeepChainsEnd() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);
        assertThat(causeAfterCrossing(first)).hasMessageContaining("first");

        Exception deep = new Exception("0");
        for (int i = 1; i < 10_000; i++) {
            deep = new Exception("" + i, deep);
        }
        assertThat(causeAfterCrossing(deep)).hasMessageContaining("9999");
    }

    @Test
    void aStackOverflowComesBackAsItselfWithItsFirstFrames() {
        StackOverflowError thrown = catchThrowableOfType(StackOverflowError.class, () -> recurse(1));
        int frames = thrown.getStackTrace().length;
        Throwable back = causeAfterCrossing(thrown);
        assertThat(back).isInstanceOf(StackOverflowError.class);
        assertThat(back.getStackTrace().length).isBetween(100, 1024);
        assertThat(thrown.getStackTrace()).as("the task's own is as it was").hasSize(frames);
    }

    @SuppressWarnings("InfiniteRecursion") // that is the point
    private static int recurse(int n) {
        return 1 + recurse(n + 1);
    }

    @Test
    void aResultThatCannotBeEncodedArrivesWithPathAndAdvice() {
        PayloadException thrown = catchThrowableOfType(
                PayloadException.class, () -> worker.encode(new Samples.Owner("o", new Thread()), "result"));
        Failure failure = Failures.of(thrown, FailurePhase.FAILURE_PHASE_ENCODE_RESULT, worker);
        MultijvmException error = Failures.toException(failure, 5, coordinator, WHERE);
        assertThat(error).isInstanceOf(PayloadException.class);
        assertThat(((PayloadException) error).path()).isEqualTo("result.held");
        assertThat(((PayloadException) error).advice()).contains("inside the task");
        assertThat(error).hasMessageStartingWith("item 5: its result cannot leave worker 3 (pid 4711): result.held");
    }

    @Test
    void aTaskOrItemThatCannotBeDecodedSaysWhich() {
        PayloadException thrown =
                catchThrowableOfType(PayloadException.class, () -> worker.decode(new byte[] {9}, 0, 1));
        Failure task = Failures.of(thrown, FailurePhase.FAILURE_PHASE_DECODE_TASK, worker);
        assertThat(Failures.toException(task, 5, coordinator, WHERE))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("the task cannot be decoded in " + WHERE);
        Failure item = Failures.of(thrown, FailurePhase.FAILURE_PHASE_DECODE_ITEM, worker);
        assertThat(Failures.toException(item, 5, coordinator, WHERE))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("item 5 cannot be decoded in " + WHERE);
    }
}
