// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Manager;
import io.multijvm.shared.SharedList;
import io.multijvm.shared.SharedMap;
import io.multijvm.shared.SharedSet;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Those who change maps, lists and sets, one operation a turn, another kind each time. A turn has a value when the operation has returned;
 * which value, each kind says.
 *
 * @param counters by process, and one of all
 * @param values those that are put once, those that are replaced, and each process's own
 * @param members what all add and remove again
 */
public record CollectionWork(
        SharedMap<String, Long> counters,
        SharedMap<String, CollectionWork.Value> values,
        SharedList<CollectionWork.Value> list,
        SharedSet<CollectionWork.Value> members)
        implements Seats.Act {
    /** What is done in a turn. */
    enum Kind {
        /** {@code addAndGet} of the process's counter: what it was then. */
        COUNT,
        /** {@code mergeAtOwner} of the counter of all: what it was then. */
        MERGE,
        /** {@code add} of a member that others add too: its number; told if it came in. */
        JOIN,
        /** {@code putIfAbsent} under a key that others try too: the number of who has it; told if this one; seen: which key. */
        PUT_IF_ABSENT,
        /** {@code replace} of what was read just before: the number of that; told if it was replaced; seen: which register. */
        REPLACE,
        /** {@code add} to the list: its number. */
        ADD,
        /** {@code remove} of a member that others remove too: its number; told if it was in. */
        LEAVE,
        /** Some {@code putAsync} of the process's own value, all under way at a time: their number. */
        PUTS;

        private static final Kind[] ALL = values();

        static Kind of(long turn) {
            return ALL[Math.toIntExact(turn % ALL.length)];
        }

        /** How often that process has done each kind before. */
        static long cycle(long turn) {
            return turn / ALL.length;
        }
    }

    static final int REGISTERS = 2;
    static final int PARTS = 3;
    /** The first of them is a large one. */
    static final int MEMBERS = 4;

    static final String COUNTER_OF_ALL = "all";
    private static final int LARGE_BYTES = 200_000;
    private static final int LARGE_ONE_OF = 8;
    private static final int FIRSTS_OF_ROUND = 64;
    private static final int LONGEST_NANOS = 100_000;
    private static final int TURNS_BITS = 24;

    /**
     * What is put.
     *
     * @param number of its writer's process and turn
     * @param part which one of that turn, from 0
     * @param check of number, part and bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // its equals compares what is in it
    public record Value(long number, int part, long check, byte[] bytes) {
        static Value of(long number, int part) {
            boolean large = Kind.cycle(number & ((1L << TURNS_BITS) - 1)) % LARGE_ONE_OF == 0;
            byte[] bytes = new byte[large ? LARGE_BYTES : (int) (number % LARGE_ONE_OF)];
            new Random(number).nextBytes(bytes);
            return new Value(number, part, checkOf(number, part, bytes), bytes);
        }

        private static long checkOf(long number, int part, byte[] bytes) {
            CRC32 check = new CRC32();
            check.update(bytes);
            return check.getValue() ^ Long.hashCode(number * PARTS + part);
        }

        /** Itself, if nothing of it is missing or another's. */
        public Value whole() {
            if (check != checkOf(number, part, bytes)) {
                throw new AssertionError("not whole: " + number + "/" + part + ", " + bytes.length + " bytes");
            }
            return this;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Value value
                    && value.number == number
                    && value.part == part
                    && Arrays.equals(value.bytes, bytes);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }

    /** On new collections. */
    public static CollectionWork with(Manager manager) {
        CollectionWork work = new CollectionWork(manager.map(), manager.map(), manager.list(), manager.set());
        for (int i = 0; i < REGISTERS; i++) {
            work.values.put(register(i), Value.of(first(i), 0));
        }
        return work;
    }

    static String own(long pid) {
        return "own " + pid;
    }

    static String register(long which) {
        return "register " + which;
    }

    /** The number of what is in a register at first. */
    static long first(int register) {
        return number(0, register);
    }

    /** What a process writes in a turn, from 0. */
    static long number(long pid, long turn) {
        return pid << TURNS_BITS | turn + 1;
    }

    /** In which turn it was written. */
    static long place(long number) {
        return (number & ((1L << TURNS_BITS) - 1)) - 1;
    }

    /** Whose it was. */
    static long writer(long number) {
        return number >>> TURNS_BITS;
    }

    /** Which member is added, or removed, in that turn; a process removes another than it has just added. */
    static int member(long turn) {
        long which = Kind.cycle(turn) + (Kind.of(turn) == Kind.LEAVE ? 1 : 0);
        return Math.toIntExact(which % MEMBERS);
    }

    private static Value memberValue(int which) {
        return Value.of(number(0, (long) which * Kind.ALL.length), 0);
    }

    private static String absent(long key) {
        return "absent " + key;
    }

    /** Takes out what was put once in that round, if nobody is in it any more, and notes who has put it. */
    public void takeFirsts(long round, CollectionHistory history) {
        for (long key = round * FIRSTS_OF_ROUND; key < (round + 1) * FIRSTS_OF_ROUND; key++) {
            Value value = values.remove(absent(key));
            if (value != null) {
                history.first(key, value.whole().number());
            }
        }
    }

    /** Takes out what is in the list, and notes it. */
    public void takeListed(CollectionHistory history) {
        for (int left = list.size(); left > 0; left--) { // others may add meanwhile
            history.listed(list.remove(0).whole().number());
        }
    }

    /** Notes what is in the set, when nobody changes it any more. */
    public void noteMembers(CollectionHistory history) {
        for (Value each : members) {
            history.member(each.whole().number());
        }
    }

    /** The number of that member. */
    static long memberNumber(int which) {
        return memberValue(which).number();
    }

    @Override
    public void play(int seat, Life life, Seats.Orders orders) {
        Random random = new Random(life.pid());
        while (!orders.stop()) {
            if (orders.rest() != 0 || !life.hasRoom()) {
                LockSupport.parkNanos(LONGEST_NANOS);
            } else {
                turn(life, orders.round());
            }
            if (random.nextInt(4) == 0) {
                LockSupport.parkNanos(random.nextInt(LONGEST_NANOS));
            }
        }
    }

    private void turn(Life life, long round) {
        long turn = life.turns();
        long number = number(life.pid(), turn);
        life.asks();
        switch (Kind.of(turn)) {
            case COUNT -> life.has(counters.addAndGet(own(life.pid()), 1), false, 0);
            case MERGE -> life.has(merged(), false, 0);
            case JOIN -> life.has(number, members.add(memberValue(member(turn))), 0);
            case LEAVE -> life.has(number, members.remove(memberValue(member(turn))), 0);
            case PUT_IF_ABSENT -> {
                long key = round * FIRSTS_OF_ROUND + Kind.cycle(turn) % FIRSTS_OF_ROUND;
                Value there = values.putIfAbsent(absent(key), Value.of(number, 0));
                life.has(there == null ? number : there.whole().number(), there == null, key);
            }
            case REPLACE -> {
                long which = Kind.cycle(turn) % REGISTERS;
                Value before = values.get(register(which));
                if (before == null) {
                    throw new AssertionError("nothing is in " + register(which));
                }
                boolean replaced = values.replace(register(which), before, Value.of(number, 0));
                life.has(before.whole().number(), replaced, which);
            }
            case ADD -> {
                list.add(Value.of(number, 0));
                life.has(number, false, 0);
            }
            case PUTS -> {
                putAll(life.pid(), turn);
                life.has(number, false, 0);
            }
        }
        life.releases();
        life.released();
    }

    private long merged() {
        Long now = counters.mergeAtOwner(COUNTER_OF_ALL, 1L, Long::sum);
        if (now == null) {
            throw new AssertionError("a sum is never null");
        }
        return now;
    }

    /** What each of them replaces is what the one before it has put. */
    private void putAll(long pid, long turn) {
        long number = number(pid, turn);
        long before = turn < Kind.ALL.length ? 0 : number(pid, turn - Kind.ALL.length);
        CompletableFuture<?>[] puts = new CompletableFuture<?>[PARTS];
        for (int part = 0; part < PARTS; part++) {
            long expected = part == 0 ? before : number;
            int expectedPart = (part + PARTS - 1) % PARTS;
            puts[part] = values.putAsync(own(pid), Value.of(number, part)).thenAccept(was -> {
                boolean right =
                        was == null ? expected == 0 : was.whole().number() == expected && was.part() == expectedPart;
                if (!right) {
                    throw new AssertionError("found " + was + " and not " + expected + "/" + expectedPart);
                }
            });
        }
        CompletableFuture.allOf(puts).join();
    }
}
