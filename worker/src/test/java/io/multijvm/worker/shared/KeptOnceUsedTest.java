// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The arrows of what is kept once it is used. */
class KeptOnceUsedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private final KeptOnceUsed<String, Object> all = new KeptOnceUsed<>();
    private final AtomicInteger made = new AtomicInteger();

    private Object find(String key) {
        return all.find(key, there -> true, this::make);
    }

    private Object make() {
        made.incrementAndGet();
        return new Object();
    }

    /** Whatever nobody refers to is found to be gone by then; what it left is taken away by who finds another. */
    private void awaitThatWeakOnesAreForgotten() {
        await().atMost(PATIENCE).until(() -> {
            System.gc();
            find("another");
            return made.get() > 1 && all.known("weak") == null;
        });
    }

    @Test
    void whoComesSecondFindsWhatTheFirstHasMade() {
        Object first = find("a");
        assertThat(find("a")).isSameAs(first).isSameAs(all.known("a"));
        assertThat(made).hasValue(1);
    }

    @Test
    void whatIsNotUsedGoesWithItsLastReferenceAndLeavesNothing() {
        find("weak");
        awaitThatWeakOnesAreForgotten();
        await().atMost(PATIENCE).until(() -> {
            find("another");
            return all.size() == 1;
        });
    }

    @Test
    void whatIsUsedOrKeptStaysWithoutAReference() {
        all.use("used", find("used"));
        all.keep("kept", new Object());
        find("weak");
        awaitThatWeakOnesAreForgotten();
        assertThat(all.known("used")).isNotNull();
        assertThat(all.known("kept")).isNotNull();
        assertThat(all.kept()).containsExactlyInAnyOrder(all.known("used"), all.known("kept"));
    }

    @Test
    void whatDoesNotFitIsReplacedAndComesBackNeitherWhenItIsUsedNorTakesTheOtherAwayWhenItIsRemoved() {
        Object first = find("a");
        Object second = all.find("a", there -> there != first, this::make);
        assertThat(second).isNotSameAs(first);
        all.use("a", first);
        assertThat(all.known("a")).isSameAs(second);
        all.remove("a", first);
        assertThat(all.known("a")).isSameAs(second);
        all.remove("a", second);
        assertThat(all.known("a")).isNull();
    }

    @Test
    void whoKeepsOneThatWasRemovedDoesNotTakeThePlaceOfAnotherThatWasFoundSince() {
        Object first = find("a");
        all.remove("a", first);
        all.keepIfNoOther("a", first);
        assertThat(all.known("a")).isSameAs(first);
        all.remove("a", first);
        Object second = find("a");
        all.keepIfNoOther("a", first);
        assertThat(all.known("a")).isSameAs(second);
        all.keepIfNoOther("a", second);
        assertThat(all.kept()).containsExactly(second);
    }

    @Test
    void allAreRemovedAlsoThoseThatNobodyUsed() {
        Object weak = find("weak");
        all.keep("kept", "it");
        assertThat(all.kept()).containsExactly("it");
        assertThat(all.removeAll()).containsExactlyInAnyOrder(weak, "it");
        assertThat(all.size()).isZero();
    }
}
