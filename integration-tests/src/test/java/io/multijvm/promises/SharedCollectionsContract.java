// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.multijvm.Manager;
import io.multijvm.failure.PayloadException;
import io.multijvm.failure.RemoteTaskException;
import io.multijvm.failure.TaskFailedException;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedList;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedMap;
import io.multijvm.shared.SharedSet;
import io.multijvm.task.SerializableBiFunction;
import io.multijvm.task.SerializableCallable;
import io.multijvm.testkit.CollectionPrograms;
import java.io.IOException;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Maps, lists and sets mean the same in every process, and the same as the JDK's. Long form: {@code -Dmultijvm.steps=20000}. */
@SuppressWarnings({
    "NullAway", // what is read was put before
    "FutureReturnValueIgnored", // a later call on the same object tells that it was done
    "ModifyCollectionInEnhancedForLoop" // whose iterators allow it
})
abstract class SharedCollectionsContract extends OneManagerForAll {
    private static final int STEPS = Integer.getInteger("multijvm.steps", 250);

    private static final int MERGES = Integer.getInteger("multijvm.merges", 5_000);
    private static final int SWAPS = 50;
    private static final int MANY = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** @param payloads shared or frames */
    SharedCollectionsContract(String payloads) {
        super(payloads);
    }

    private static long seed(String what) {
        long seed = Long.getLong("multijvm.seed", new Random().nextLong());
        System.out.println("random program of a " + what + ": -Dmultijvm.seed=" + seed);
        return seed;
    }

    @Test
    void aMapIsWhatAConcurrentHashMapIsInTheOwnersProcessAndInAWorker() {
        long seed = seed("map");
        List<String> expected = CollectionPrograms.ofMap(new ConcurrentHashMap<>(), seed, STEPS);
        try (SharedMap<String, Integer> here = manager.map();
                SharedMap<String, Integer> there = manager.map()) {
            assertThat(CollectionPrograms.ofMap(here, seed, STEPS)).isEqualTo(expected);
            assertThat(pool.apply(() -> CollectionPrograms.ofMap(there, seed, STEPS)))
                    .isEqualTo(expected);
        }
    }

    @Test
    void aListIsWhatAnArrayListIsInTheOwnersProcessAndInAWorker() {
        long seed = seed("list");
        List<String> expected = CollectionPrograms.ofList(new ArrayList<>(), seed, STEPS);
        try (SharedList<Integer> here = manager.list();
                SharedList<Integer> there = manager.list()) {
            assertThat(CollectionPrograms.ofList(here, seed, STEPS)).isEqualTo(expected);
            assertThat(pool.apply(() -> CollectionPrograms.ofList(there, seed, STEPS)))
                    .isEqualTo(expected);
        }
    }

    @Test
    void aSetIsWhatAHashSetIsInTheOwnersProcessAndInAWorker() {
        long seed = seed("set");
        List<String> expected = CollectionPrograms.ofSet(new HashSet<>(), seed, STEPS);
        try (SharedSet<Integer> here = manager.set();
                SharedSet<Integer> there = manager.set()) {
            assertThat(CollectionPrograms.ofSet(here, seed, STEPS)).isEqualTo(expected);
            assertThat(pool.apply(() -> CollectionPrograms.ofSet(there, seed, STEPS)))
                    .isEqualTo(expected);
        }
    }

    @Test
    void whatTwoWorkersMergeAtTheOwnerIsAllThere() {
        try (SharedMap<String, Integer> map = manager.map();
                SharedMap<String, Long> counters = manager.map()) {
            pool.with(o -> o.chunkSize(1))
                    .map(
                            worker -> {
                                for (int i = 0; i < MERGES; i++) {
                                    if (i % 5 == 0) {
                                        map.mergeAtOwner("sum", 1, Integer::sum);
                                    } else {
                                        map.mergeAtOwnerAsync("sum", 1, Integer::sum);
                                    }
                                    counters.addAndGetAsync("sum", worker);
                                }
                                return map.size() + counters.size();
                            },
                            List.of(1, 2));
            assertThat(map.get("sum")).isEqualTo(2 * MERGES);
            assertThat(counters.get("sum")).isEqualTo(3L * MERGES);
            System.out.printf("2 workers x %d merges at the owner: %d%n", MERGES, map.get("sum"));
        }
    }

    @Test
    void whatTwoWorkersMergeThemselvesIsAllThereToo() {
        try (SharedMap<String, Integer> map = manager.map();
                SharedList<Integer> list = manager.list()) {
            list.addAll(List.of(0, 0, 0));
            pool.with(o -> o.chunkSize(1))
                    .map(
                            worker -> {
                                for (int i = 0; i < SWAPS; i++) {
                                    map.merge("sum", 1, Integer::sum);
                                    map.compute("made", (key, value) -> value == null ? 1 : value + 1);
                                    map.replaceAll((key, value) -> value + 1);
                                    list.replaceAll(x -> x + 1);
                                }
                                return 0;
                            },
                            List.of(1, 2));
            assertThat(map).containsOnlyKeys("sum", "made");
            // each worker adds one by merge or compute, and each of them by replaceAll
            assertThat(map.get("sum")).isEqualTo(4 * SWAPS);
            assertThat(map.get("made")).isEqualTo(4 * SWAPS);
            assertThat(list).containsExactly(2 * SWAPS, 2 * SWAPS, 2 * SWAPS);
        }
    }

    @Test
    void aFunctionRunsAtTheOwnerAndWhatItThrowsIsThrownToTheCaller() {
        long owner = ProcessHandle.current().pid();
        try (SharedMap<String, Long> map = manager.map()) {
            pool.apply(() -> map.computeAtOwner(
                    "pid", (key, value) -> ProcessHandle.current().pid()));
            assertThat(map.get("pid")).isEqualTo(owner);
            assertThat(map.computeAtOwner("pid", (key, value) -> key.equals("pid") ? null : value))
                    .isNull();
            assertThat(map).isEmpty();
            assertThat(map.computeAtOwner("new", (key, value) -> value == null ? 1L : 0L))
                    .isEqualTo(1);
            String thrown = pool.apply(() -> {
                try {
                    map.mergeAtOwner("new", 5L, (a, b) -> {
                        throw new IOException("a checked one, with " + a + " and " + b);
                    });
                    return "nothing";
                } catch (Exception e) {
                    return e.toString();
                }
            });
            assertThat(thrown).isEqualTo("java.io.IOException: a checked one, with 1 and 5");
            assertThat(map.get("new")).isEqualTo(1);
            assertThatThrownBy(() ->
                            map.mergeAtOwnerAsync("new", 0L, (a, b) -> a / b).join())
                    .hasCauseInstanceOf(ArithmeticException.class);
        }
    }

    @Test
    void aFunctionCrossesWithWhatItHasCapturedAtThatMoment() {
        try (SharedMap<String, Integer> map = manager.map()) {
            int sum = pool.apply(() -> {
                List<Integer> captured = new ArrayList<>();
                SerializableBiFunction<String, @Nullable Integer, Integer> size = (key, value) -> captured.size();
                int all = 0;
                for (int i = 0; i < 3; i++) {
                    captured.add(i);
                    all = 10 * all + Objects.requireNonNull(map.computeAtOwner("size", size));
                }
                return all;
            });
            assertThat(sum).isEqualTo(123);
        }
    }

    @Test
    void aFunctionThatUsesTheMapThatItChangesIsToldSo() {
        try (SharedMap<String, Integer> map = manager.map()) {
            assertThatThrownBy(() -> pool.apply(() -> map.computeAtOwner("a", (key, value) -> map.size())))
                    .hasStackTraceContaining("used by a function");
            assertThat(map).isEmpty();
        }
    }

    @Test
    void aCounterIsALongAndNothingElse() {
        try (SharedMap<String, Object> map = manager.map()) {
            assertThat(pool.<Long>apply(() -> map.addAndGet("a", 5) + map.addAndGet("a", -2)))
                    .isEqualTo(8);
            assertThat(map.get("a")).isEqualTo(3L);
            map.put("b", "text");
            assertThatThrownBy(() -> map.addAndGet("b", 1))
                    .isInstanceOf(ClassCastException.class)
                    .hasMessageContaining("key b is a java.lang.String");
            assertThat(map.get("b")).isEqualTo("text");
        }
    }

    @Test
    void whatIsCalledWithoutWaitingIsDoneInThatOrder() {
        try (SharedMap<Integer, Integer> map = manager.map();
                SharedList<Integer> list = manager.list();
                SharedSet<Integer> set = manager.set()) {
            SerializableCallable<String> program = () -> {
                list.clear();
                for (int i = 0; i < 3_000; i++) {
                    map.putAsync(i % 10, i);
                    list.addAsync(i);
                    set.addAsync(i % 100);
                }
                CompletableFuture<Integer> before = map.removeAsync(3);
                int size = map.size();
                return before.join() + " " + size + " " + map.getAsync(4).join() + " " + list.size() + " "
                        + list.get(2_999) + " " + list.getAsync(7).join() + " " + set.size() + " "
                        + set.removeAsync(5).join() + set.removeAsync(5).join();
            };
            String expected = "2993 9 2994 3000 2999 7 100 truefalse";
            assertThat(pool.apply(program)).isEqualTo(expected);
            assertThat(program.call()).isEqualTo(expected);
        }
    }

    @Test
    void whatDependsOnAFutureMayUseTheMapAndWaitForFuturesBehindIt() {
        try (SharedMap<Integer, Integer> map = manager.map();
                SharedEvent asked = manager.event()) {
            map.put(2, 20);
            SerializableCallable<Integer> program = () -> {
                map.computeAtOwnerAsync(1, (key, value) -> {
                    asked.await();
                    return 10;
                });
                List<CompletableFuture<Integer>> behind = new CopyOnWriteArrayList<>();
                CompletableFuture<Integer> first = map.getAsync(1)
                        .thenApply(x -> x + map.get(2) + behind.get(99).join());
                for (int i = 0; i < 100; i++) {
                    behind.add(map.getAsync(2));
                }
                asked.set();
                return first.get(60, TimeUnit.SECONDS);
            };
            assertThat(pool.apply(program)).isEqualTo(50);
            asked.clear();
            assertThat(program.call()).isEqualTo(50);
        }
    }

    @Test
    void sharedObjectsInACollectionAreTheSameWhereverTheyAreRead() {
        try (SharedMap<String, Object> map = manager.map();
                SharedMap<String, Integer> inner = manager.map();
                SharedList<Object> list = manager.list();
                SharedEvent event = manager.event();
                SharedLong number = manager.longValue(1)) {
            map.put("map", inner);
            map.put("event", event);
            list.add(number);
            map.put("list", list);
            pool.apply(() -> {
                @SuppressWarnings("unchecked")
                SharedMap<String, Integer> there = (SharedMap<String, Integer>) map.get("map");
                there.put("from a worker", 1);
                ((SharedLong) ((SharedList<?>) map.get("list")).get(0)).incrementAndGet();
                ((SharedEvent) map.get("event")).set();
                return 0;
            });
            assertThat(inner.get("from a worker")).isEqualTo(1);
            assertThat(number.get()).isEqualTo(2);
            assertThat(event.isSet()).isTrue();
            assertThat(map.get("map")).isSameAs(inner);
            // also what the owner's program has not put itself
            assertThat(pool.apply(() -> {
                        map.put("number", number);
                        return event;
                    }))
                    .isSameAs(event);
            assertThat(map.get("number")).isSameAs(number);
            // plain values are copies
            List<Integer> plain = new ArrayList<>(List.of(1));
            list.add(plain);
            plain.add(2);
            assertThat(list.get(1)).isEqualTo(List.of(1)).isNotSameAs(list.get(1));
            assertThat(map.getLock()).isSameAs(map.getLock());
        }
    }

    /** A class of the program's own, as a key. */
    record Point(int x, int y) {}

    @Test
    void keysAreComparedAsTheirClassSaysAndNoCodeIsAKey() {
        try (SharedMap<Object, String> map = manager.map()) {
            pool.apply(() -> {
                map.put(new Point(1, 2), "a point");
                return map.put(Set.of("a", "b"), "a set");
            });
            assertThat(map.get(new Point(1, 2))).isEqualTo("a point");
            assertThat(map.get(new HashSet<>(List.of("b", "a")))).isEqualTo("a set");
            assertThatThrownBy(() -> pool.apply(() -> {
                        SerializableCallable<Integer> code = () -> 5;
                        return map.put(code, "code");
                    }))
                    .hasStackTraceContaining("it holds a lambda");
            assertThatThrownBy(() -> map.put(Thread.currentThread(), "a thread"))
                    .isInstanceOf(PayloadException.class);
            assertThat(map).hasSize(2);
        }
    }

    @Test
    void largeValuesCrossWhole() {
        byte[] large = new byte[5_000_001];
        new Random(7).nextBytes(large);
        int hash = Arrays.hashCode(large);
        try (SharedMap<String, byte[]> map = manager.map();
                SharedList<byte[]> list = manager.list()) {
            map.put("large", large);
            int seen = pool.apply(() -> {
                byte[] here = map.get("large");
                for (int i = 0; i < 3; i++) {
                    list.addAsync(here);
                    map.putAsync("copy " + i, here);
                }
                int sum = map.size();
                for (byte[] each : list) {
                    sum += Arrays.hashCode(each);
                }
                return sum;
            });
            assertThat(seen).isEqualTo(4 + 3 * hash);
            assertThat(Arrays.hashCode(map.get("copy 2"))).isEqualTo(hash);
        }
    }

    @Test
    void anIterationGivesWhatStaysExactlyOnceWhateverOthersPutAndRemove() {
        try (SharedMap<String, Integer> map = manager.map()) {
            Map<String, Integer> all = new HashMap<>();
            IntStream.range(0, MANY).forEach(i -> all.put("stays " + i, i));
            map.putAll(all);
            pool.with(o -> o.chunkSize(1))
                    .map(
                            worker -> {
                                if (worker == 1) {
                                    for (int i = 0; i < MANY; i++) {
                                        map.putAsync("comes " + i, i);
                                        map.removeAsync("comes " + (i - 100));
                                    }
                                    return map.size();
                                }
                                for (int round = 0; round < 3; round++) {
                                    List<String> stays = map.keySet().stream()
                                            .filter(key -> key.startsWith("stays"))
                                            .toList();
                                    if (stays.size() != MANY || new HashSet<>(stays).size() != MANY) {
                                        throw new IllegalStateException("seen " + stays.size());
                                    }
                                }
                                return 0;
                            },
                            List.of(1, 2));
            assertThat(map).hasSize(MANY + 100);
            assertThat(map.values().removeIf(x -> x % 2 == 0)).isTrue();
            assertThat(map).hasSize((MANY + 100) / 2);
        }
    }

    @Test
    void aTestOfKeysRemovesThemWhateverTheirValuesAreByThenAndATestOfValuesOnlyWhatItHasSeen() {
        try (SharedMap<String, Integer> map = manager.map()) {
            map.put("changed", 1);
            map.put("stays", 1);
            assertThat(map.keySet().removeIf(key -> {
                        map.put("changed", 2); // as another process may just then
                        return key.equals("changed");
                    }))
                    .isTrue();
            assertThat(map).containsOnly(Map.entry("stays", 1));
            assertThat(map.values().removeIf(value -> {
                        map.put("stays", 2);
                        return value == 1;
                    }))
                    .isFalse();
            assertThat(map).containsOnly(Map.entry("stays", 2));
        }
    }

    @Test
    void anIteratorOfAListSeesWhatIsAddedBehindIt() {
        try (SharedList<Integer> list = manager.list()) {
            SerializableCallable<Integer> program = () -> {
                list.clear();
                list.addAll(List.of(0, 1));
                int seen = 0;
                for (int each : list) {
                    seen++;
                    if (each < 50) {
                        list.add(each + 2);
                    }
                }
                return seen;
            };
            assertThat(pool.apply(program)).isEqualTo(52);
            assertThat(program.call()).isEqualTo(52);
        }
    }

    /** As the list that it shows, but that a walk through it comes to an end. */
    private static final class Walk extends AbstractList<String> {
        private final List<String> shown;

        Walk(List<String> shown) {
            this.shown = shown;
        }

        @Override
        public int size() {
            return Math.min(10, shown.size());
        }

        @Override
        public String get(int index) {
            return shown.get(index);
        }
    }

    @Test
    void aPartOfAListCanBeAddedToItself() {
        try (SharedList<String> list = manager.list()) {
            SerializableCallable<String> program = () -> {
                list.clear();
                list.addAll(List.of("a", "b", "c"));
                List<String> part = list.subList(0, 2);
                boolean added = part.addAll(new Walk(part));
                return added + " " + part.addAll(1, List.of("d")) + part + list + part.addAll(List.of());
            };
            String expected = "true true[a, d, b, a, b][a, d, b, a, b, c]false";
            assertThat(program.call()).isEqualTo(expected);
            assertThat(pool.apply(program)).isEqualTo(expected);
        }
    }

    /** What is under way is cut when its object is closed; what comes a moment later is refused, which is another thing. */
    private static void whenItWaitsForAnAnswer(Thread caller, Runnable action) {
        Thread watcher = new Thread(() -> {
            await().pollInterval(Duration.ofMillis(2))
                    .atMost(PATIENCE)
                    .until(() -> Arrays.stream(caller.getStackTrace())
                            .anyMatch(frame -> frame.getClassName().endsWith(".CollectionClient$Asked")
                                    && frame.getMethodName().equals("await")));
            action.run();
        });
        watcher.setDaemon(true);
        watcher.start();
    }

    @Test
    void aFunctionThatNeverEndsHoldsUpItsOwnMapAndWhoWaitsHearsOfItsEnd() throws Exception {
        try (Manager other = Manager.start()) {
            SharedMap<String, Integer> stuck = other.map();
            SharedMap<String, Integer> free = other.map();
            SharedEvent entered = other.event();
            stuck.put("a", 1);
            var hangs = pool.submit(() -> stuck.mergeAtOwner("a", 1, (a, b) -> {
                entered.set();
                new CountDownLatch(1).await();
                return 0;
            }));
            assertThat(entered.await(PATIENCE)).isTrue();
            var waits = pool.submit(() -> {
                whenItWaitsForAnAnswer(Thread.currentThread(), () -> free.put("still", 1));
                return stuck.get("a");
            });
            await().atMost(PATIENCE).until(() -> free.containsKey("still"));
            CompletableFuture<Integer> here = stuck.getAsync("a");
            assertThat(waits.isDone()).isFalse();
            stuck.close();
            assertThatThrownBy(hangs::join)
                    .hasStackTraceContaining("mergeAtOwner() was not answered before that: it may have been done");
            assertThatThrownBy(waits::join).hasStackTraceContaining("get() was not answered");
            assertThatThrownBy(() -> here.get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("get() was not answered");
            assertThatThrownBy(() -> stuck.get("a"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
            assertThat(stuck.toString()).startsWith("MAP ");
            assertThat(free.get("still")).isEqualTo(1);
            stuck.close();
        }
    }

    @Test
    void anInterruptEndsNoOperationAndStaysSet() {
        try (SharedMap<String, Integer> map = manager.map()) {
            SerializableCallable<String> program = () -> {
                Thread.currentThread().interrupt();
                map.put("a", 1);
                boolean after = Thread.interrupted();
                return after + " " + map.get("a");
            };
            assertThat(pool.apply(program)).isEqualTo("true 1");
            assertThat(program.call()).isEqualTo("true 1");
        }
    }

    @Test
    void anInterruptDoesNotEndAReplacementOfMoreThanMayBeUnderWayEither() {
        try (SharedMap<Integer, byte[]> map = manager.map()) {
            SerializableCallable<String> program = () -> {
                map.clear();
                for (int i = 0; i < 30; i++) {
                    map.put(i, new byte[1]);
                }
                Thread.currentThread().interrupt();
                map.replaceAll((key, value) -> new byte[100_000]);
                boolean after = Thread.interrupted();
                return after + " "
                        + map.values().stream().mapToInt(value -> value.length).sum();
            };
            assertThat(pool.apply(program)).isEqualTo("true 3000000");
            assertThat(program.call()).isEqualTo("true 3000000");
        }
    }

    @Test
    void aReplacementThatIsCutByTheEndOfItsMapSaysSoAsAllOperationsDo() throws Exception {
        try (Manager other = Manager.start()) {
            SharedMap<String, Integer> map = other.map();
            SharedEvent entered = other.event();
            SharedEvent underWay = other.event();
            map.put("a", 1);
            var cut = pool.submit(() -> {
                try {
                    map.replaceAll((key, value) -> {
                        map.computeAtOwnerAsync("b", (same, nothing) -> {
                            entered.set();
                            new CountDownLatch(1).await();
                            return 0;
                        });
                        whenItWaitsForAnAnswer(Thread.currentThread(), underWay::set);
                        return value + 1; // is to be put after that
                    });
                    return "nothing";
                } catch (RuntimeException e) {
                    return e.toString();
                }
            });
            assertThat(entered.await(PATIENCE)).isTrue();
            assertThat(underWay.await(PATIENCE)).isTrue();
            map.close();
            assertThat(cut.join())
                    .startsWith("java.lang.IllegalStateException: ")
                    .contains("was not answered before");
        }
    }

    @Test
    void whatTheOwnersJvmLacksEndsNoWorkerThatCalls() {
        List<Long> before = pool.broadcast(() -> ProcessHandle.current().pid());
        try (SharedMap<String, Integer> map = manager.map()) {
            SerializableCallable<Integer> lacks = () -> map.computeAtOwner("a", (key, value) -> {
                throw new OutOfMemoryError("of the owner");
            });
            SerializableCallable<Integer> isToldOf = () -> map.computeAtOwnerAsync("a", (key, value) -> {
                        throw new IllegalArgumentException("too much", new OutOfMemoryError("of the owner"));
                    })
                    .join();
            for (SerializableCallable<Integer> call : List.of(lacks, isToldOf)) {
                assertThatThrownBy(() -> pool.apply(call))
                        .isInstanceOf(TaskFailedException.class)
                        .hasStackTraceContaining("OutOfMemoryError: of the owner");
            }
            assertThatThrownBy(lacks::call)
                    .isInstanceOf(RemoteTaskException.class)
                    .hasMessageContaining("OutOfMemoryError: of the owner");
            assertThat(map).isEmpty();
        }
        assertThat(pool.broadcast(() -> ProcessHandle.current().pid())).isEqualTo(before);
    }

    @Test
    void whoClosesACollectionInTheMiddleOfItsCallsGoesOnWithAllElse() {
        SharedEvent other = manager.event();
        List<Long> before = pool.broadcast(() -> ProcessHandle.current().pid());
        for (int round = 0; round < 5; round++) {
            SharedMap<Integer, Integer> map = manager.map();
            pool.apply(() -> {
                for (int i = 0; i < 2_000; i++) {
                    var unused = map.putAsync(i, i);
                }
                map.close();
                other.set();
                other.clear();
            });
        }
        assertThat(pool.broadcast(() -> {
                    other.set();
                    return ProcessHandle.current().pid();
                }))
                .isEqualTo(before);
    }
}
