// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.wire.mapped.QueueCell;
import io.multijvm.wire.mapped.QueueSegment;
import io.multijvm.wire.mapped.QueueState;
import io.multijvm.worker.shared.QueueSegments.NotMapped;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Elements of a queue in mapped memory, whenever a process that changes them dies. */
@Timeout(60)
class MappedElementsTest {
    private static final int DOOMED = 7;
    private static final int SURVIVOR = 8;
    private static final int SEGMENT_BYTES = QueueSegment.BEGIN + 3 * QueueSegment.room(20);
    private static final long CAPACITY = 9;

    /** The process dies just before a store. */
    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** All memory of a queue. */
    private static final class Memory {
        final ByteBuffer cell;
        final Map<Integer, ByteBuffer> segments = new HashMap<>();

        Memory() {
            cell = fresh(QueueCell.BYTES);
            new QueueCell(cell, 0).begin(CAPACITY);
        }

        private Memory(Memory other) {
            cell = copy(other.cell);
            other.segments.forEach((number, buffer) -> segments.put(number, copy(buffer)));
        }

        Memory copy() {
            return new Memory(this);
        }

        private static ByteBuffer fresh(int bytes) {
            return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        }

        private static ByteBuffer copy(ByteBuffer from) {
            return fresh(from.capacity()).put(0, from, 0, from.capacity());
        }

        void grow(int number) {
            segments.put(number, fresh(SEGMENT_BYTES));
        }

        QueueState state() {
            return new QueueCell(cell, 0).state();
        }
    }

    /** The chain as one process sees it, which dies before its n-th store. */
    private static final class Doomed extends MappedChain {
        private int stores;

        Doomed(Memory memory, int stores, QueueSegments segments) {
            super(new QueueCell(memory.cell, 0), segments);
            this.stores = stores;
        }

        @Override
        void aboutToStore() {
            if (stores-- == 0) {
                throw new Died();
            }
        }
    }

    /** One process. */
    private static final class User extends MappedElements {
        private final Memory memory;
        private final MappedChain chain;

        private User(Memory memory, int client, MappedChain chain) {
            super(chain, client);
            this.memory = memory;
            this.chain = chain;
        }

        static User of(Memory memory, int client, int stores) {
            QueueSegments segments = new QueueSegments();
            memory.segments.forEach((number, buffer) -> segments.add(new QueueSegment(number, buffer)));
            return new User(memory, client, new Doomed(memory, stores, segments));
        }

        /** A segment is there if it is needed: what the owner does between two locks. */
        User grown(int number) throws NotMapped {
            if (chain.stillNeeds(20)) {
                memory.grow(number);
                MappedChain larger = User.of(memory, SURVIVOR, Integer.MAX_VALUE).chain;
                larger.extend(larger.segment(number));
            }
            return this;
        }
    }

    private interface Operation {
        void run(User process) throws NotMapped;
    }

    /** All that can be known of a queue when nobody is at work in it. */
    private record Seen(List<String> ready, long unfinished, int leased, int writing, boolean shut) {}

    /** As the survivors find it, when the doomed one's death is known. */
    private static Seen afterItsDeath(Memory memory) throws NotMapped {
        User survivor = User.of(memory, SURVIVOR, Integer.MAX_VALUE);
        survivor.chain.mend();
        Set<Integer> chain = survivor.takeBack(DOOMED);
        assertThat(chain).isSubsetOf(memory.segments.keySet());
        QueueState state = memory.state();
        List<String> ready = texts(survivor.look(0, Integer.MAX_VALUE));
        assertThat(ready).hasSize((int) state.ready());
        return new Seen(ready, state.unfinished(), state.leased(), state.writing(), state.shut());
    }

    private static List<String> texts(List<Got> all) {
        return all.stream()
                .map(got -> got.number() + "/" + got.attempt() + ":"
                        + new String(Objects.requireNonNull(got.bytes()), StandardCharsets.UTF_8))
                .toList();
    }

    private static byte[][] element(int number) {
        return new byte[][] {
            ("e" + number).getBytes(StandardCharsets.UTF_8),
            "x".repeat(number % 17).getBytes(StandardCharsets.UTF_8)
        };
    }

    private static int bytes(byte[][] element) {
        return element[0].length + element[1].length;
    }

    /** One of all kinds of operations; leases of others and of its own are there to be ended. */
    private static Operation any(Random random, int step, List<Got> leased, List<Long> begun) {
        long number = random.nextInt(step);
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> process -> process.put(element(step), bytes(element(step)), new ArrayList<>());
            case 3 -> process -> process.take(false, new ArrayList<>());
            case 4 -> process -> process.take(true, new ArrayList<>());
            case 5 ->
                leased.isEmpty()
                        ? process -> process.finish()
                        : process -> process.acknowledge(leased.get(step % leased.size()), new ArrayList<>());
            case 6 ->
                leased.isEmpty()
                        ? process -> process.finish()
                        : process -> process.giveBack(leased.get(step % leased.size()));
            case 7 -> process -> process.begin(20, new ArrayList<>());
            default ->
                begun.isEmpty()
                        ? process -> process.remove(Set.of(number), new ArrayList<>())
                        : process -> process.written(begun.get(step % begun.size()));
        };
    }

    @Test
    void whoeverDiesBeforeWhicheverStoreHasDoneAWholeOperationOrNone() throws Exception {
        int crashes = 0;
        for (int seed = 0; seed < 60; seed++) {
            crashes += crashEverywhere(new Random(seed), seed);
        }
        System.out.println("queue in memory: " + crashes + " deaths, each before another store");
        assertThat(crashes).isGreaterThan(5000);
    }

    private static int crashEverywhere(Random random, int seed) throws NotMapped {
        int crashes = 0;
        Memory memory = new Memory();
        List<Got> leased = new ArrayList<>();
        List<Long> begun = new ArrayList<>();
        for (int step = 1; step < 80; step++) {
            User.of(memory, DOOMED, Integer.MAX_VALUE).grown(step);
            Operation operation = any(random, step, List.copyOf(leased), List.copyOf(begun));
            Memory done = memory.copy();
            operation.run(User.of(done, DOOMED, Integer.MAX_VALUE));
            Seen before = afterItsDeath(memory.copy());
            Seen after = afterItsDeath(done.copy());
            for (int stores = 0; ; stores++) {
                Memory crashed = memory.copy();
                try {
                    operation.run(User.of(crashed, DOOMED, stores));
                    break;
                } catch (Died e) {
                    crashes++;
                }
                Seen seen = afterItsDeath(crashed);
                assertThat(seen)
                        .as("seed %d step %d store %d", seed, step, stores)
                        .isIn(before, after);
                drains(crashed, seen);
            }
            memory = done;
            note(memory, leased, begun);
        }
        return crashes;
    }

    /** What is leased and what is being written after that step. */
    private static void note(Memory memory, List<Got> leased, List<Long> begun) {
        leased.clear();
        begun.clear();
        memory.segments.forEach((number, buffer) -> {
            QueueSegment segment = new QueueSegment(number, buffer);
            QueueState state = memory.state();
            int end = number == state.tail() ? state.tailAt() : segment.end();
            for (int at = QueueSegment.BEGIN;
                    at < end;
                    at += QueueSegment.room(QueueSegment.bytes(segment.header(at)))) {
                long header = segment.header(at);
                long place = QueueState.place(number, at);
                if (QueueSegment.state(header) == QueueSegment.LEASED) {
                    leased.add(Got.element(segment.element(at), QueueSegment.attempt(header), place, null));
                } else if (QueueSegment.state(header) == QueueSegment.WRITING && isOfChain(memory, number)) {
                    begun.add(place);
                }
            }
        });
    }

    private static boolean isOfChain(Memory memory, int segment) {
        try {
            return User.of(memory, SURVIVOR, Integer.MAX_VALUE).chain.all().contains(segment)
                    && memory.state().spare() != segment;
        } catch (NotMapped e) {
            throw new AssertionError(e);
        }
    }

    /** Whoever goes on gets all that is there, in its order, and can put more. */
    private static void drains(Memory memory, Seen seen) throws NotMapped {
        User survivor = User.of(memory, SURVIVOR, Integer.MAX_VALUE);
        List<String> taken = new ArrayList<>();
        for (Got got = survivor.take(false, new ArrayList<>()); got.isElement(); ) {
            taken.add(got.number() + "/" + (got.attempt() - 1) + ":"
                    + new String(Objects.requireNonNull(got.bytes()), StandardCharsets.UTF_8));
            got = survivor.take(false, new ArrayList<>());
        }
        assertThat(taken).isEqualTo(seen.ready());
        survivor.grown(1000);
        assertThat(User.of(memory, SURVIVOR, Integer.MAX_VALUE).put(element(5), bytes(element(5)), new ArrayList<>()))
                .isPositive();
    }

    @Test
    void segmentsInWhichNothingIsLeftAreFreedAlsoBehindOneWithALease() throws Exception {
        Memory memory = new Memory();
        TreeMap<Integer, Integer> most = new TreeMap<>();
        List<Got> held = new ArrayList<>();
        for (int step = 1; step < 2000; step++) {
            User process = User.of(memory, DOOMED, Integer.MAX_VALUE).grown(step);
            process = User.of(memory, DOOMED, Integer.MAX_VALUE);
            assertThat(process.put(element(step), bytes(element(step)), new ArrayList<>()))
                    .isPositive();
            List<Integer> freed = new ArrayList<>();
            Got got = process.take(step % 500 == 1, freed);
            if (step % 500 == 1) {
                held.add(got); // for ever
            }
            assertThat(got.number()).isEqualTo(step);
            freed.forEach(memory.segments::remove);
            most.put(memory.segments.size(), step);
        }
        assertThat(memory.state().leased()).isEqualTo(held.size());
        assertThat(most.lastKey()).isLessThan(10);
        User process = User.of(memory, DOOMED, Integer.MAX_VALUE);
        for (Got each : held) {
            assertThat(process.giveBack(each)).isTrue();
            assertThat(process.giveBack(each)).isFalse();
        }
        for (Got each : held) {
            Got again = process.take(false, new ArrayList<>());
            assertThat(again.number()).isEqualTo(each.number());
            assertThat(again.attempt()).isEqualTo(2);
        }
        assertThat(process.take(false, new ArrayList<>()).kind()).isEqualTo(Got.Kind.NOTHING);
        process.shut();
        assertThat(process.take(false, new ArrayList<>()).kind()).isEqualTo(Got.Kind.ENDED);
        assertThat(process.put(element(1), 2, new ArrayList<>())).isEqualTo(MappedChain.ENDED);
    }

    @Test
    void aSegmentCanBeUsedAgainAsSoonAsTheLastLeaseInItIsAcknowledged() throws Exception {
        Memory memory = new Memory();
        List<Got> leased = new ArrayList<>();
        for (int step = 1; step <= 4; step++) { // the fourth is in the second segment
            User.of(memory, DOOMED, Integer.MAX_VALUE).grown(step);
            User process = User.of(memory, DOOMED, Integer.MAX_VALUE);
            process.put(element(16), 20, new ArrayList<>());
            leased.add(process.take(true, new ArrayList<>()));
        }
        int first = memory.state().head();
        User process = User.of(memory, DOOMED, Integer.MAX_VALUE);
        for (int i : new int[] {1, 3, 0}) {
            assertThat(memory.state().head()).isEqualTo(first);
            assertThat(process.acknowledge(leased.get(i), new ArrayList<>())).isTrue();
        }
        assertThat(memory.state().head()).isEqualTo(first);
        assertThat(process.acknowledge(leased.get(2), new ArrayList<>())).isTrue();
        assertThat(memory.state().head()).isNotEqualTo(first);
        assertThat(memory.state().spare()).isEqualTo(first);
    }

    @Test
    void whatIsWrittenFromTheBeginAgainKeepsTheLargestOfTheSegmentsBefore() throws Exception {
        Memory memory = new Memory();
        memory.grow(1);
        memory.segments.put(2, Memory.fresh(2 * SEGMENT_BYTES));
        memory.grow(3);
        User process = User.of(memory, DOOMED, Integer.MAX_VALUE);
        List<Integer> freed = new ArrayList<>();
        for (int segment = 1; segment <= 3; segment++) { // while one more was being made the queue ran empty
            process.chain.extend(process.chain.segment(segment));
            process.put(element(16), 20, freed);
            assertThat(process.take(false, freed).isElement()).isTrue();
        }
        assertThat(memory.state().tail()).isEqualTo(3);
        assertThat(memory.state().spare()).isEqualTo(2);
        assertThat(freed).containsExactly(1);
    }

    @Test
    void aSegmentThatIsUsedAgainIsKeptForAsLongAsSomethingIsLeasedInIt() throws Exception {
        Memory memory = new Memory();
        User.of(memory, DOOMED, Integer.MAX_VALUE).grown(1);
        User.of(memory, DOOMED, Integer.MAX_VALUE).put(element(16), 20, new ArrayList<>());
        for (int number = 2; number <= 6; number++) {
            memory.grow(number);
        }
        User process =
                User.of(memory, DOOMED, Integer.MAX_VALUE); // one for all steps: it remembers what it has looked at
        Random random = new Random(1);
        List<Got> leased = new ArrayList<>();
        List<Integer> free = new ArrayList<>(List.of(2, 3, 4, 5, 6));
        long taken = 0;
        for (int step = 0; step < 3000; step++) {
            if (process.put(element(16), 20, free) == MappedChain.NO_SEGMENT && !free.isEmpty()) {
                process.chain.extend(process.chain.segment(free.remove(0)));
            }
            if (leased.size() < 5) {
                Got got = process.take(true, free);
                if (got.isElement()) {
                    assertThat(got.number()).isEqualTo(++taken);
                    leased.add(got);
                }
            } else {
                Got any = leased.remove(random.nextInt(leased.size()));
                assertThat(process.acknowledge(any, free)).as("step %d", step).isTrue();
            }
        }
        assertThat(taken).isGreaterThan(1000);
    }

    @Test
    void whatIsTakenOutOfTheMiddleGivesItsMemoryBack() throws Exception {
        Memory memory = new Memory();
        int number = 0;
        for (int step = 1; step < 300; step++) {
            Set<Long> numbers = new HashSet<>();
            List<Integer> freed = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                User.of(memory, DOOMED, Integer.MAX_VALUE).grown(1 + step * 10 + i);
                assertThat(User.of(memory, DOOMED, Integer.MAX_VALUE).put(element(7), bytes(element(7)), freed))
                        .isPositive();
                numbers.add((long) ++number);
            }
            assertThat(User.of(memory, DOOMED, Integer.MAX_VALUE).remove(numbers, freed))
                    .isEqualTo(5);
            freed.forEach(memory.segments::remove);
            assertThat(memory.segments).hasSizeLessThan(5);
        }
    }

    @Test
    void whoDoesNotKnowASegmentYetChangesNothingUntilItDoes() throws Exception {
        Memory memory = new Memory();
        for (int step = 1; step <= 8; step++) {
            User.of(memory, DOOMED, Integer.MAX_VALUE).grown(step);
            User.of(memory, DOOMED, Integer.MAX_VALUE).put(element(step), bytes(element(step)), new ArrayList<>());
        }
        for (Operation operation : List.<Operation>of(
                user -> user.remove(Set.of(1L), new ArrayList<>()),
                user -> user.remove(Set.of(3L), new ArrayList<>()),
                user -> user.take(false, new ArrayList<>()),
                user -> user.takeBack(DOOMED))) {
            Memory tried = memory.copy();
            QueueSegments known = new QueueSegments();
            User user = new User(tried, SURVIVOR, new Doomed(tried, Integer.MAX_VALUE, known));
            QueueState before = tried.state();
            for (boolean done = false; !done; ) {
                try {
                    operation.run(user);
                    done = true;
                } catch (NotMapped missing) {
                    assertThat(tried.state()).isEqualTo(before);
                    known.add(new QueueSegment(
                            missing.segment(), Objects.requireNonNull(tried.segments.get(missing.segment()))));
                }
            }
        }
    }
}
