// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.JavaCodec;
import io.multijvm.codec.PackedType;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.internal.chunk.ItemBlock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Results that came together, for whoever wants them. */
@Timeout(20)
class RawRunTest {
    private final ValueCodec codec =
            new ValueCodec(new JavaCodec(), RawRunTest.class.getClassLoader(), AllowList.everything());

    private static RawRun run(long index, Object... values) {
        byte[] bytes = packed(values);
        return RawRun.of(index, values.length, type(values), bytes, "worker 1");
    }

    private static PackedType type(Object... values) {
        return Objects.requireNonNull(PackedType.of(values[0]));
    }

    private static byte[] packed(Object... values) {
        byte[] bytes = new byte[values.length * PackedType.MOST_BYTES];
        int used = 0;
        for (Object value : values) {
            used = type(values).write(value, bytes, used);
        }
        return Arrays.copyOf(bytes, used);
    }

    @Test
    void aListTakesRunsAndSingleResultsInAnyOrder() {
        ListAnswer<Object> answer = new ListAnswer<>(codec, Runnable::run, 0, false, index -> null);
        answer.offer(run(4, 4, 5, 6));
        answer.offer(ItemBlock.NONE, RawOutcome.value(3, 1, codec.encode("three"), "worker 0"));
        answer.offer(run(0, "zero", "one", ""));
        answer.inputEnded(7, null);
        answer.turnEnded();
        assertThat(answer.join()).containsExactly("zero", "one", "", "three", 4, 5, 6);
    }

    @Test
    void aStreamHandsOutTheResultsOfARunOneByOneInTheirOrderOrAsTheyCame() {
        for (boolean ordered : new boolean[] {true, false}) {
            StreamAnswer<Object> answer = new StreamAnswer<>(ordered, outcome -> {
                assertThat(outcome.attempts()).isEqualTo(1);
                return outcome.index() + ":" + outcome.open(codec);
            });
            answer.offer(run(3, 30L, 40L));
            answer.turnEnded();
            if (ordered) {
                assertThat(answer.next(Duration.ZERO))
                        .as("the first is missing")
                        .isEqualTo(Optional.empty());
            }
            answer.offer(ItemBlock.NONE, RawOutcome.value(2, 1, codec.encode(20), "worker 0"));
            answer.offer(run(0, "a", "b"));
            answer.inputEnded(5, null);
            answer.turnEnded();
            List<Object> all = new ArrayList<>();
            answer.iterator().forEachRemaining(all::add);
            if (ordered) {
                assertThat(all).containsExactly("0:a", "1:b", "2:20", "3:30", "4:40");
            } else {
                assertThat(all).containsExactly("3:30", "4:40", "2:20", "0:a", "1:b");
            }
            assertThat(answer.atEnd()).isTrue();
        }
    }

    @Test
    void aStreamThatIsClosedWithinARunGivesNoMore() {
        StreamAnswer<Object> answer = new StreamAnswer<>(true, outcome -> Objects.requireNonNull(outcome.open(codec)));
        answer.offer(run(0, 1, 2, 3));
        answer.turnEnded();
        assertThat(answer.next(Duration.ZERO)).hasValue(1);
        answer.close();
        assertThat(answer.next(Duration.ZERO)).isEmpty();
    }

    @Test
    void headAndTailTogetherAreTheRun() {
        for (Object[] values : new Object[][] {{1, 2, 3, 4, 5}, {"", "abcde", "\u2713", "d", "e"}}) {
            for (int cut = 1; cut < 5; cut++) {
                RawRun whole = run(100, values);
                RawRun tail = whole.tail(cut);
                assertThat(tail.index()).isEqualTo(100 + cut);
                assertThat(whole.head(cut).length() + tail.length()).isEqualTo(whole.length());
                List<Object> all = new ArrayList<>();
                whole.head(cut).outcomes().forEachRemaining(outcome -> all.add(outcome.open(codec)));
                tail.outcomes().forEachRemaining(outcome -> all.add(outcome.open(codec)));
                assertThat(all).containsExactly(values);
            }
        }
    }

    @Test
    void bytesThatAreNotTheResultsThatTheyShouldBeFailTheItemsAndNothingElse() {
        assertThatThrownBy(() -> RawRun.of(0, 3, type(1), new byte[8], "worker 1"))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("worker 1");
        byte[] strings = packed("ab", "c");
        strings[8] = 99;
        RawRun lie = RawRun.of(0, 2, type(""), strings, "worker 1");
        List<RawOutcome> outcomes = new ArrayList<>();
        lie.outcomes().forEachRemaining(outcomes::add);
        assertThat(outcomes.get(0).open(codec)).isEqualTo("ab");
        assertThatThrownBy(() -> outcomes.get(1).open(codec)).isInstanceOf(PayloadException.class);

        RawRun tooFew = RawRun.of(0, 1, type(""), packed("ab", "c"), "worker 1");
        ListAnswer<Object> answer = new ListAnswer<>(codec, Runnable::run, 0, false, index -> null);
        answer.offer(tooFew);
        answer.turnEnded();
        assertThat(answer).isCompletedExceptionally();
        assertThatThrownBy(() -> Answers.joinUnwrapped(answer))
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("items 0 to 0");
    }

    @Test
    void aSinkThatTakesOutcomesOneByOneGetsARunSo() {
        List<Long> seen = new ArrayList<>();
        Sink sink = new Sink() {
            @Override
            public void offer(ItemBlock block, RawOutcome outcome) {
                seen.add(outcome.index());
            }

            @Override
            public void inputEnded(long items, @Nullable Throwable failure) {}

            @Override
            public void abandoned(Throwable why) {}

            @Override
            public void turnEnded() {}
        };
        sink.offer(run(7, IntStream.range(0, 4).boxed().toArray()));
        assertThat(seen).containsExactly(7L, 8L, 9L, 10L);
    }
}
