// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.multijvm.worker.context.ItemContext;
import io.multijvm.worker.context.WorkerState;
import io.multijvm.worker.job.TimedTask.Timed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultyTaskTest {
    /** An item at some place, in slot 3. */
    private static final class AtItem extends ItemContext {
        private final long index;

        AtItem(long index) {
            this.index = index;
        }

        static void run(long index, ThrowingRunnable body) throws Exception {
            enter(new AtItem(index));
            try {
                body.run();
            } finally {
                leave();
            }
        }

        @Override
        protected void said(double fraction, String text) {
            throw new AssertionError("a fault says nothing");
        }

        @Override
        public int slot() {
            return 3;
        }

        @Override
        public int incarnation() {
            return 1;
        }

        @Override
        public long itemIndex() {
            return index;
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        protected WorkerState workerState() {
            return new WorkerState();
        }
    }

    private interface ThrowingRunnable {
        void run() throws Exception;
    }

    @Test
    void allItemsButOneAreTheTasksOwn() throws Exception {
        FaultyTask task = new FaultyTask(item -> "<" + item + ">", Fault.HALT, 4);
        AtItem.run(3, () -> assertThat(task.applyOrThrow("a")).isEqualTo("<a>"));
        AtItem.run(5, () -> assertThat(task.applyOrThrow("b")).isEqualTo("<b>"));
    }

    @Test
    void aHangTakesNoNoticeOfInterrupts() throws Exception {
        FaultyTask task = new FaultyTask(item -> "never", Fault.HANG, 0);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            try {
                AtItem.run(0, () -> {
                    begun.countDown();
                    task.applyOrThrow("a");
                });
            } catch (Exception e) {
                throw new AssertionError(e);
            } finally {
                ended.countDown();
            }
        });
        thread.setDaemon(true); // it can only end with the JVM
        thread.start();
        begun.await();
        thread.interrupt();
        assertThat(ended.await(300, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void aResultTellsWhereAndHowLongItRan() throws Exception {
        TimedTask task = new TimedTask(item -> "{\"a b\": 1}");
        List<Timed> results = new ArrayList<>();
        AtItem.run(0, () -> results.add(Timed.parse(task.applyOrThrow("a"))));
        Timed timed = results.get(0);
        assertThat(timed.slot()).isEqualTo(3);
        assertThat(timed.result()).isEqualTo("{\"a b\": 1}");
        assertThat(timed.tookNanos()).isNotNegative();
        assertThat(TimeUnit.MICROSECONDS.toSeconds(timed.beganMicros()))
                .isCloseTo(System.currentTimeMillis() / 1000, within(60L));
        assertThatThrownBy(() -> Timed.parse("1 2")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyRoundOfASpinCounts() {
        assertThat(SpinTask.spin(1000)).isNotEqualTo(SpinTask.spin(1001));
        assertThat(SpinTask.spin(1000)).isEqualTo(SpinTask.spin(1000));
    }
}
