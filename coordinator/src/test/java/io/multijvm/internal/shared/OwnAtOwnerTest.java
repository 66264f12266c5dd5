// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.codec.Failures;
import io.multijvm.failure.RemoteTaskException;
import io.multijvm.wire.objects.CollectionAnswer;
import io.multijvm.wire.objects.CollectionCall;
import io.multijvm.wire.objects.Frame;
import io.multijvm.worker.shared.FaceMethods;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a client can have done with an object, and what it cannot. */
class OwnAtOwnerTest {
    private static final long ADD = "add(int)int".hashCode();

    private final List<String> seen = new ArrayList<>();
    private final OwnersCodec codec = new OwnersCodec(OwnAtOwnerTest.class);
    private OwnAtOwner own = own(new Sum());

    private OwnAtOwner own(Object object) {
        return new OwnAtOwner(
                1,
                PlayedLoop.atOnce(),
                Runnable::run,
                codec,
                FaceMethods.of(Adder.class),
                object,
                () -> seen.add("freed"));
    }

    /** All that others may call. */
    public interface Adder extends AutoCloseable {
        int add(int number);

        @Override
        void close();

        /** Needs more memory to be encoded than there is. */
        Object large();
    }

    private final class Sum implements Adder {
        @Override
        public int add(int number) {
            seen.add("add");
            return number + 1;
        }

        @Override
        public void close() {
            seen.add("close");
        }

        @Override
        public Object large() {
            seen.add("large");
            return new Large();
        }

        @SuppressWarnings("unused") // and may not be called
        void secret() {
            seen.add("secret");
        }
    }

    /** As if there were no memory for it. */
    private static final class Large implements Serializable {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("unused") // by whoever encodes it
        private void writeObject(ObjectOutputStream out) {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    private Frame answer(CollectionCall what, long number, byte[]... parts) {
        Frame[] answer = new Frame[1];
        own.later(Frame.of(what, number, parts), true, come -> {
            seen.add("answered");
            answer[0] = come;
        });
        return Objects.requireNonNull(answer[0]);
    }

    private String failure(@Nullable Frame answer) {
        Objects.requireNonNull(answer);
        assertThat(CollectionAnswer.FAILED.isOf(answer)).isTrue();
        return Failures.causeOf(answer.parts()[0], codec.values()).toString();
    }

    private static long number(long signature, int index) {
        return signature << Integer.SIZE | index;
    }

    @Test
    void onlyAMethodOfTheInterfaceWithItsArgumentsIsCalled() {
        byte[] one = codec.values().encode(1);
        Frame good = answer(CollectionCall.INVOKE, number(ADD, 0), one);
        assertThat(codec.value(good.parts()[0])).isEqualTo(2);
        seen.clear();
        LongStream.of(0, -1, number(ADD, 1), number(ADD, 2), number(ADD + 1, 0), number("secret()void".hashCode(), 2))
                .forEach(wrong -> assertThat(failure(answer(CollectionCall.INVOKE, wrong, one)))
                        .contains("is another in the process that calls"));
        assertThat(failure(answer(CollectionCall.INVOKE, number(ADD, 0)))).contains("does not take 0 arguments");
        assertThat(failure(answer(CollectionCall.INVOKE, number(ADD, 0), one, one)))
                .contains("does not take 2 arguments");
        assertThat(failure(answer(
                        CollectionCall.INVOKE, number(ADD, 0), codec.values().encode("1"))))
                .contains("IllegalArgumentException");
        assertThat(failure(answer(
                        CollectionCall.INVOKE, number(ADD, 0), codec.values().encode(null))))
                .contains("Exception");
        assertThat(failure(answer(CollectionCall.INVOKE, number(ADD, 0), new byte[] {9, 9})))
                .contains("Adder.add(int), argument 1, at the owner of its object");
        assertThat(failure(answer(CollectionCall.PUT, number(ADD, 0), one))).contains("is not asked for PUT");
        assertThat(seen).containsOnly("answered");
    }

    @Test
    void itIsClosedOnceAndFreedAfterTheAnswer() {
        long close = number("close()void".hashCode(), 1);
        assertThat(answer(CollectionCall.INVOKE, close).parts()).isEmpty();
        assertThat(seen).containsExactly("close", "answered", "freed");
        assertThat(answer(CollectionCall.INVOKE, close).parts()).isEmpty();
        assertThat(failure(answer(
                        CollectionCall.INVOKE, number(ADD, 0), codec.values().encode(1))))
                .contains("Adder was closed");
        assertThat(seen).containsExactly("close", "answered", "freed", "answered", "answered");
    }

    @Test
    void whoClosesItAgainBeforeItHearsThatItIsClosedHasNotFailed() {
        long close = number("close()void".hashCode(), 1);
        answer(CollectionCall.INVOKE, close);
        own.closed();
        assertThat(CollectionAnswer.DONE.isOf(answer(CollectionCall.INVOKE, close)))
                .isTrue();
        assertThat(failure(answer(CollectionCall.PUT, close))).contains("it was closed");
        assertThat(failure(answer(
                        CollectionCall.INVOKE, number(ADD, 0), codec.values().encode(1))))
                .contains("it was closed");
        assertThat(seen).containsOnlyOnce("close");
    }

    @Test
    void whoCallsIsToldThatThereWasNoMemoryForTheResultAndTheObjectGoesOn() {
        long large = number("large()java.lang.Object".hashCode(), 2);
        Frame answer = answer(CollectionCall.INVOKE, large);
        assertThat(seen).containsExactly("large", "answered");
        assertThat(CollectionAnswer.FAILED.isOf(answer)).isTrue();
        assertThat(Failures.causeOf(answer.parts()[0], codec.values()))
                .as("no failure of the JVM that calls")
                .isInstanceOf(RemoteTaskException.class)
                .hasMessageContaining("OutOfMemoryError")
                .hasMessageContaining("Java heap space");
        Frame next =
                answer(CollectionCall.INVOKE, number(ADD, 0), codec.values().encode(1));
        assertThat(codec.value(next.parts()[0])).isEqualTo(2);
    }

    @Test
    void anObjectThatIsFreedIsKeptByNobodyThoughItsProxyIs() {
        WeakReference<Object> freed = freedAtOnce();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return freed.get() == null;
        });
        assertThat(failure(answerHere(Frame.of(
                        CollectionCall.INVOKE, number(ADD, 0), codec.values().encode(1)))))
                .contains("shared object 1 cannot be used any more: it was closed");
    }

    private @Nullable Frame answerHere(Frame call) {
        Frame[] answer = new Frame[1];
        own.later(call, true, come -> answer[0] = come);
        return answer[0];
    }

    /** In a method of its own, whose frame is gone. */
    private WeakReference<Object> freedAtOnce() {
        Object[] made = {new Sum()};
        own = own(made[0]);
        own.closed();
        return new WeakReference<>(made[0]);
    }
}
