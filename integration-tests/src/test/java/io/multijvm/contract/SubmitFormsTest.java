// SPDX-License-Identifier: Apache-2.0
package io.multijvm.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableRunnable;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Inline lambdas and method references find the overload whose type is serialisable: that each of these compiles and is not
 * refused is the test. What does not compile is {@code pool.submit(SubmitFormsTest::overloaded)}, a reference to an
 * overloaded method, which is ambiguous for every {@code ExecutorService}; {@code execute} takes it.
 */
class SubmitFormsTest {
    private final Pool pool = Pool.serial();

    @AfterEach
    void close() {
        pool.close();
    }

    private static int value() {
        return 4;
    }

    private static int mayThrow() throws IOException {
        return 5;
    }

    private static void action() {}

    private static void overloaded() {}

    @SuppressWarnings("unused") // the overload is what makes the reference inexact
    private static int overloaded(int n) {
        return n;
    }

    @Test
    void lambdasWithAValue() throws Exception {
        TaskFuture<Integer> expression = pool.submit(() -> 1);
        TaskFuture<Integer> block = pool.submit(() -> {
            return 2;
        });
        TaskFuture<Boolean> statementOrValue = pool.submit(() -> new ArrayList<Integer>().add(3));
        TaskFuture<Integer> checked = pool.submit(() -> mayThrow());
        assertThat(expression.get() + block.get() + checked.get()).isEqualTo(8);
        assertThat(statementOrValue.get()).as("a value, where both would do").isTrue();
    }

    @Test
    void lambdasWithout() throws Exception {
        TaskFuture<@Nullable Void> action = pool.submit(() -> action());
        TaskFuture<@Nullable Void> empty = pool.submit(() -> {});
        TaskFuture<@Nullable Void> checked = pool.submit(() -> {
            if (mayThrow() < 0) {
                throw new IOException("never");
            }
        });
        TaskFuture<String> given = pool.submit(() -> action(), "done");
        assertThat(action.get()).isNull();
        assertThat(empty.get()).isNull();
        assertThat(checked.get()).isNull();
        assertThat(given.get()).isEqualTo("done");
    }

    @Test
    void aBlockThatOnlyThrowsIsATaskWithAValue() {
        TaskFuture<String> future = pool.submit(() -> {
            throw new IOException("thrown");
        });
        assertThat(ExecutorContract.causeOfGet(future)).isInstanceOf(IOException.class);
        pool.execute(() -> {
            if (value() == 4) {
                return;
            }
            throw new IOException("never");
        });
    }

    @Test
    void methodReferences() throws Exception {
        TaskFuture<Integer> value = pool.submit(SubmitFormsTest::value);
        TaskFuture<Integer> checked = pool.submit(SubmitFormsTest::mayThrow);
        TaskFuture<@Nullable Void> action = pool.submit(SubmitFormsTest::action);
        TaskFuture<ArrayList<String>> constructor = pool.submit(() -> new ArrayList<String>());
        pool.execute(SubmitFormsTest::action);
        pool.execute(SubmitFormsTest::overloaded);
        TaskFuture<@Nullable Void> cast = pool.submit((SerializableRunnable) SubmitFormsTest::overloaded);
        assertThat(value.get() + checked.get()).isEqualTo(9);
        assertThat(action.get()).isNull();
        assertThat(cast.get()).isNull();
        assertThat(constructor.get()).isEmpty();
    }

    @Test
    void typedTasksAndIntersections() throws Exception {
        SerializableCallable<Integer> typed = () -> 1;
        Callable<Integer> plainly = (Callable<Integer> & Serializable) () -> 2;
        Runnable action = (Runnable & Serializable) () -> {};
        Future<Integer> first = pool.submit(typed);
        Future<Integer> second = pool.submit(plainly);
        Future<?> third = pool.submit(action);
        pool.execute(action);
        assertThat(first.get() + second.get()).isEqualTo(3);
        assertThat(third.get()).isNull();
    }

    @Test
    void listsOfLambdas() throws Exception {
        List<Future<Integer>> inline = pool.invokeAll(List.of(() -> 1, SubmitFormsTest::value));
        List<SerializableCallable<Integer>> declared = List.of(() -> 2, () -> mayThrow());
        List<Future<Integer>> typed = pool.invokeAll(declared);
        int any = pool.invokeAny(declared, 60, TimeUnit.SECONDS);
        assertThat(inline.get(0).get() + inline.get(1).get()).isEqualTo(5);
        assertThat(typed.get(0).get() + typed.get(1).get()).isEqualTo(7);
        assertThat(any).isEqualTo(2);
    }
}
