// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.Manager;
import io.multijvm.TaskFuture;
import io.multijvm.failure.DeadlockException;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.RemoteTaskException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.shared.SharedBarrier;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedMap;
import io.multijvm.shared.SharedQueue;
import io.multijvm.task.SerializableCallable;
import io.multijvm.task.SerializableFunction;
import io.multijvm.testkit.OwnPrograms;
import io.multijvm.testkit.OwnPrograms.Everything;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Objects of users' own classes mean the same in every process. */
@SuppressWarnings("NullAway") // what a task returns here is never null
abstract class OwnClassesContract extends OneManagerForAll {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LARGE = 3_000_000;

    /** @param payloads shared or frames */
    OwnClassesContract(String payloads) {
        super(payloads);
    }

    interface Counter {
        int increment();
    }

    private static final class PlainCounter implements Counter {
        private int count;

        @Override
        @SuppressWarnings("ThreadPriorityCheck") // it only helps
        public int increment() {
            int before = count;
            Thread.yield(); // so that a second one in the middle would be seen
            count = before + 1;
            return count;
        }
    }

    @Test
    void aPlainClassWithoutAnyLockCountsTheCallsOfAllProcesses() {
        Counter counter = manager.register(Counter.class, PlainCounter::new);
        SerializableCallable<Integer> counting = () -> {
            int last = 0;
            for (int i = 0; i < 500; i++) {
                int next = counter.increment();
                assertThat(next).isGreaterThan(last);
                last = next;
            }
            return last;
        };
        TaskFuture<Integer> one = pool.submit(counting);
        TaskFuture<Integer> other = pool.submit(counting);
        counting.call();
        one.join();
        other.join();
        assertThat(counter.increment()).isEqualTo(1_501);
    }

    @Test
    void allThatAnInterfaceCanHaveIsCalledAsIfTheObjectWereHere() {
        List<String> expected = OwnPrograms.of(Everything.make());
        Everything here = manager.register(Everything.class, Everything::make);
        assertThat(OwnPrograms.of(here)).isEqualTo(expected).contains("java.io.IOException: as declared");
        Everything there = manager.register(Everything.class, Everything::make);
        assertThat(pool.apply(() -> OwnPrograms.of(there))).isEqualTo(expected);
    }

    @Test
    @SuppressWarnings("unchecked") // as any user has to, whose interface has type parameters
    void anInterfaceOfTheJdkWillDo() {
        Iterator<Integer> squares = manager.register(
                Iterator.class,
                () -> Stream.iterate(0, i -> i + 1).map(i -> i * i).iterator());
        SerializableCallable<List<Integer>> three = () -> List.of(squares.next(), squares.next(), squares.next());
        assertThat(three.call()).containsExactly(0, 1, 4);
        assertThat(pool.apply(three)).containsExactly(9, 16, 25);
        assertThat(squares.hasNext()).isTrue();
        assertThatThrownBy(squares::remove).isInstanceOf(UnsupportedOperationException.class); // a default method
    }

    @Test
    void equalsHashCodeAndToStringAreTheProxysOwn() {
        Everything one = manager.register(Everything.class, Everything::make);
        Everything other = manager.register(Everything.class, Everything::make);
        Everything same = one;
        assertThat(one).isEqualTo(same).isNotEqualTo(other).hasToString(one.toString());
        assertThat(one.toString()).startsWith("Everything, OWN ").doesNotContain("key");
        Map<Everything, String> table = new HashMap<>(Map.of(one, "one", other, "other"));
        assertThat(pool.apply(() -> table.get(one) + table.get(other))).isEqualTo("oneother");
    }

    @Test
    void whatAMethodThrowsIsThrownToWhoCalledItWithTheFramesOfBoth() {
        Everything it = manager.register(Everything.class, Everything::make);
        SerializableFunction<String, String> failing = how -> {
            try {
                it.fail(how);
                return "nothing";
            } catch (IOException | RuntimeException e) {
                String frames = Arrays.toString(e.getStackTrace());
                assertThat(frames).contains("OwnPrograms$Plain.fail").contains("OwnClassesContract.lambda");
                return e instanceof RemoteTaskException remote
                        ? "remote " + remote.className() + ": " + remote.remoteMessage()
                        : e.toString();
            }
        };
        for (String how : List.of("checked", "some", "memory", "deep", "closed")) {
            String here = failing.apply(how);
            assertThat(pool.apply(() -> failing.apply(how))).isEqualTo(here);
            assertThat(here)
                    .isEqualTo(
                            switch (how) {
                                case "checked" -> "java.io.IOException: as declared";
                                case "some" -> "java.lang.IllegalArgumentException: some";
                                case "memory" -> "remote java.lang.OutOfMemoryError: of the owner";
                                case "deep" -> "remote java.lang.StackOverflowError: null";
                                default -> "remote io.multijvm.testkit.OwnPrograms$Closed: closed, true";
                            });
        }
        assertThat(it.add(1, 1)).isEqualTo(2);
    }

    @Test
    void whatTheOwnersJvmLacksEndsNoWorkerThatCalls() {
        List<Long> before = pool.broadcast(() -> ProcessHandle.current().pid());
        Everything it = manager.register(Everything.class, Everything::make);
        for (String how : List.of("memory", "wrapped")) {
            assertThatThrownBy(() -> pool.apply(() -> {
                        it.fail(how);
                        return 0;
                    }))
                    .isInstanceOf(TaskFailedException.class)
                    .hasStackTraceContaining("OutOfMemoryError: of the owner");
        }
        assertThat(pool.broadcast(() -> ProcessHandle.current().pid())).isEqualTo(before);
    }

    @Test
    void whatCannotCrossIsRefusedByTheNameOfItsMethodAndArgument() {
        Everything it = manager.register(Everything.class, Everything::make);
        SerializableCallable<String> refused = () -> {
            assertThatThrownBy(() -> it.add("a", Map.of("key", new Thread("none"))))
                    .isInstanceOf(PayloadException.class)
                    .hasMessageContaining("Everything.add(Object, Object), argument 2: argument[\"key\"]")
                    .hasMessageContaining("java.lang.Thread");
            assertThatThrownBy(() -> it.same((Serializable & Runnable) () -> {}))
                    .isInstanceOf(PayloadException.class)
                    .hasMessageContaining("Everything.same(Object), argument 1, at the owner")
                    .hasMessageContaining("lambda");
            return "refused";
        };
        assertThat(refused.call()).isEqualTo("refused");
        assertThat(pool.apply(refused)).isEqualTo("refused");
        Giver giver = manager.register(Giver.class, () -> Thread::currentThread);
        assertThatThrownBy(giver::give)
                .isInstanceOf(PayloadException.class)
                .hasMessageContaining("Giver.give(), which was done: result");
        assertThat(it.add("still ", "there")).isEqualTo("still there");
    }

    private interface Giver {
        Object give();
    }

    @Test
    void whatIsNoInterfaceIsRefused() {
        assertThatThrownBy(() -> manager.register(PlainCounter.class, PlainCounter::new))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PlainCounter is no interface");
        assertThatThrownBy(() -> manager.register(Counter.class, () -> null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> manager.unregister("something")).isInstanceOf(IllegalArgumentException.class);
    }

    /** Objects that are made on demand, in the manager's own process. */
    interface Bank {
        Account open(String owner);

        int total(List<Account> accounts, SharedEvent counted);
    }

    interface Account {
        int deposit(int amount);
    }

    private record Accounts(Manager manager) implements Bank {
        @Override
        public Account open(String owner) {
            int[] balance = {0};
            return manager.register(Account.class, () -> amount -> balance[0] += amount);
        }

        @Override
        public int total(List<Account> accounts, SharedEvent counted) {
            counted.set();
            return accounts.stream().mapToInt(account -> account.deposit(0)).sum();
        }
    }

    private record Saver(String name, Account account) implements Serializable {}

    @Test
    void proxiesCrossAsHandlesHoweverTheyTravel() throws InterruptedException {
        Bank bank = manager.register(Bank.class, () -> new Accounts(manager));
        SharedMap<String, Saver> savers = manager.map();
        SharedQueue<Account> queue = manager.queue();
        SharedEvent counted = manager.event();
        Account made = pool.apply(() -> {
            Account mine = bank.open("worker");
            mine.deposit(10);
            savers.put("worker", new Saver("worker", mine));
            queue.put(mine);
            return mine;
        });
        assertThat(queue.take()).isSameAs(made);
        assertThat(savers.get("worker").account()).isSameAs(made);
        made.deposit(5);
        Account second = bank.open("here");
        second.deposit(100);
        Account[] both = {made, second};
        int total = pool.apply(() -> {
            assertThat(savers.get("worker").account()).isSameAs(both[0]);
            return bank.total(Arrays.asList(both), counted);
        });
        assertThat(total).isEqualTo(115);
        assertThat(counted.isSet()).isTrue();
        assertThat(pool.map(account -> account.deposit(1), List.of(made, second)))
                .containsExactly(16, 101);
        savers.close();
        queue.close();
    }

    interface Memory {
        List<String> remembered();

        void remember(List<String> what);
    }

    private static final class Remembering implements Memory {
        private List<String> list = new ArrayList<>();

        @Override
        public List<String> remembered() {
            return list;
        }

        @Override
        public void remember(List<String> what) {
            list = what;
        }
    }

    @Test
    void argumentsAndResultsAreCopiesInTheOwnersProcessToo() {
        Memory memory = manager.register(Memory.class, Remembering::new);
        List<String> mine = new ArrayList<>(List.of("a"));
        memory.remember(mine);
        mine.add("b");
        memory.remembered().add("c");
        assertThat(memory.remembered()).containsExactly("a");
    }

    interface Gate {
        String pass(SharedEvent arrived, SharedEvent open) throws InterruptedException;

        boolean onLoop();
    }

    private static final class Narrow implements Gate {
        private int passed;

        @Override
        public String pass(SharedEvent arrived, SharedEvent open) throws InterruptedException {
            arrived.set();
            open.await(PATIENCE);
            return "passed " + ++passed;
        }

        @Override
        public boolean onLoop() {
            return !Thread.currentThread().getName().startsWith("multijvm-collection");
        }
    }

    @Test
    void aSlowCallHoldsUpItsOwnObjectAndNoOther() throws InterruptedException {
        Gate slow = manager.register(Gate.class, Narrow::new);
        Gate other = manager.register(Gate.class, Narrow::new);
        SharedEvent arrived = manager.event();
        SharedEvent open = manager.event();
        TaskFuture<String> first = pool.submit(() -> slow.pass(arrived, open));
        assertThat(arrived.await(PATIENCE)).isTrue();
        TaskFuture<String> second = pool.submit(() -> {
            boolean unused = other.onLoop();
            return slow.pass(arrived, open);
        });
        assertThat(other.onLoop()).isFalse();
        assertThat(first.isDone() || second.isDone()).isFalse();
        open.set();
        assertThat(first.join()).isEqualTo("passed 1");
        assertThat(second.join()).isEqualTo("passed 2");
    }

    interface Chain {
        int call(List<Chain> next);
    }

    private static int callNext(List<Chain> next) {
        return next.isEmpty() ? 1 : 1 + next.get(0).call(next.subList(1, next.size()));
    }

    @Test
    void anObjectCallsOthersAndIsToldWhenTheWayLeadsBackToItself() {
        Chain one = manager.register(Chain.class, () -> OwnClassesContract::callNext);
        Chain other = manager.register(Chain.class, () -> OwnClassesContract::callNext);
        assertThat(one.call(List.of(other))).isEqualTo(2);
        for (List<Chain> back : List.of(List.of(one), List.of(other, one))) {
            assertThatThrownBy(() -> one.call(back))
                    .isInstanceOf(DeadlockException.class)
                    .hasMessageContaining("(Chain) is called by one of its own methods");
            assertThat(pool.apply(() -> {
                        assertThatThrownBy(() -> one.call(back)).isInstanceOf(DeadlockException.class);
                        return one.call(List.of());
                    }))
                    .isEqualTo(1);
        }
    }

    interface Partner {
        String meet(SharedBarrier both, Partner other, boolean calls) throws Exception;
    }

    private static String meet(SharedBarrier both, Partner other, boolean calls) throws Exception {
        if (!calls) {
            return "met";
        }
        both.await(); // now both objects are in the middle of a call
        return other.meet(both, other, false);
    }

    @Test
    void oneOfTwoObjectsThatCallEachOtherAtTheSameTimeIsToldAndTheOtherGoesOn() throws Exception {
        Partner one = manager.register(Partner.class, () -> OwnClassesContract::meet);
        Partner other = manager.register(Partner.class, () -> OwnClassesContract::meet);
        SharedBarrier both = manager.barrier(2);
        SerializableCallable<String> there = () -> {
            try {
                return one.meet(both, other, true);
            } catch (DeadlockException e) {
                return e.getMessage();
            }
        };
        TaskFuture<String> first = pool.submit(there);
        String second;
        try {
            second = other.meet(both, one, true);
        } catch (DeadlockException e) {
            second = e.getMessage();
        }
        assertThat(List.of(first.join(), second))
                .contains("met")
                .anyMatch(each -> each.contains("would wait for ever"));
        both.close();
    }

    interface Blob {
        byte[] swap(byte[] other);
    }

    @Test
    void largeArgumentsAndResultsCrossWhole() {
        byte[][] held = {new byte[0]};
        Blob blob = manager.register(Blob.class, () -> other -> {
            byte[] before = held[0];
            held[0] = other;
            return before;
        });
        byte[] mine = new byte[LARGE];
        Arrays.fill(mine, (byte) 7);
        assertThat(blob.swap(mine)).isEmpty();
        assertThat(pool.apply(() -> {
                    byte[] theirs = new byte[LARGE];
                    byte[] got = blob.swap(theirs);
                    return got.length + " " + got[0] + " " + got[LARGE - 1];
                }))
                .isEqualTo(LARGE + " 7 7");
        assertThat(blob.swap(new byte[0])).hasSize(LARGE);
    }

    @Test
    void anInterruptEndsNoCallAndStaysSetAndIsNotSeenByTheObject() {
        Counter counter = manager.register(Counter.class, () -> () -> {
            boolean seen = Thread.currentThread().isInterrupted();
            Thread.currentThread().interrupt(); // the next call is not to see it
            return seen ? 1 : 0;
        });
        SerializableCallable<String> program = () -> {
            Thread.currentThread().interrupt();
            int seen = counter.increment() + counter.increment();
            return Thread.interrupted() + " " + seen;
        };
        assertThat(program.call()).isEqualTo("true 0");
        assertThat(pool.apply(program)).isEqualTo("true 0");
    }
}
