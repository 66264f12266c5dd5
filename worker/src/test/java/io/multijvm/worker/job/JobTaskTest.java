// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.codec.UnfitItemException;
import io.multijvm.task.Job;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class JobTaskTest {
    interface Named<A, B> extends Job<Map<A, List<B>>, String> {}

    abstract static class Half<X> implements Named<String, X> {}

    /** The type of its items is spread over three declarations. */
    public static final class Spread extends Half<Integer> {
        @Override
        public String run(Map<String, List<Integer>> item) {
            int sum = 0;
            for (List<Integer> each : item.values()) {
                sum += each.stream().mapToInt(Integer::intValue).sum();
            }
            return item.keySet() + " " + sum;
        }
    }

    abstract static class OfArrays<T> implements Job<T[], Integer> {}

    public static final class Arrays extends OfArrays<List<Integer>> {
        @Override
        public Integer run(List<Integer>[] item) {
            return item.length * item[0].get(0);
        }
    }

    @SuppressWarnings("rawtypes")
    public static final class Raw implements Job {
        @Override
        public Object run(Object item) {
            return item.getClass().getSimpleName();
        }
    }

    public static final class Counting implements Job<String, Integer> {
        private int seen;

        @Override
        public Integer run(String item) {
            return ++seen;
        }
    }

    public static final class Unmakeable implements Job<String, String> {
        public Unmakeable() throws IOException {
            throw new IOException("no licence");
        }

        @Override
        public String run(String item) {
            return item;
        }
    }

    public static final class Failing implements Job<Long, String> {
        @Override
        public String run(Long item) throws IOException {
            throw new IOException("cannot read " + item);
        }
    }

    private static JobTask task(Class<?> job, ItemForm form) {
        return new JobTask(job.getName(), form);
    }

    @Test
    void theTypeOfItsItemsIsFoundThroughAllThatStandsBetween() throws Exception {
        assertThat(JobTypes.itemOf(Spread.class).getTypeName())
                .isEqualTo("java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>");
        assertThat(task(Spread.class, ItemForm.JSON).applyOrThrow("{\"a\":[1,2],\"b\":[3]}"))
                .isEqualTo("\"[a, b] 6\"");
        assertThat(task(Arrays.class, ItemForm.JSON).applyOrThrow("[[4],[5],[6]]"))
                .isEqualTo("12");
        assertThat(JobTypes.rawItemOf(Raw.class)).isEqualTo(Object.class);
        assertThat(task(Raw.class, ItemForm.JSON).applyOrThrow("5")).isEqualTo("\"Long\"");
    }

    @Test
    void aValueOfAnotherTypeNeverReachesTheJob() {
        assertThatThrownBy(() -> task(Spread.class, ItemForm.JSON).applyOrThrow("{\"a\":[\"x\"]}"))
                .isInstanceOf(UnfitItemException.class)
                .hasMessageContaining("is not a Map");
    }

    @Test
    void eachThreadHasAJobOfItsOwnAndKeepsIt() throws Exception {
        JobTask task = task(Counting.class, ItemForm.PLAIN);
        assertThat(task.applyOrThrow("a")).isEqualTo("1");
        assertThat(task.applyOrThrow("b")).isEqualTo("2");
        CompletableFuture<String> other = new CompletableFuture<>();
        Thread thread = new Thread(() -> other.complete(task.apply("c")));
        thread.start();
        thread.join(20_000);
        assertThat(other).isCompletedWithValue("1");
    }

    @Test
    void whatAJobOrItsConstructorThrowsComesOutUnwrapped() {
        assertThatThrownBy(() -> task(Failing.class, ItemForm.PLAIN).applyOrThrow("7"))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("cannot read 7");
        assertThatThrownBy(() -> task(Unmakeable.class, ItemForm.PLAIN).applyOrThrow("7"))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("no licence");
    }
}
