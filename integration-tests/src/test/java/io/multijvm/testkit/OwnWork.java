// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Manager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Those who call one object of a class of the test's own, a call a turn, some of them with more bytes than one message holds. A turn
 * has a value when its call has returned: which of all calls it was, from 1.
 */
public record OwnWork(OwnWork.Ledger ledger) implements Seats.Act {
    private static final int LARGE_BYTES = 700_000;
    private static final int LARGE_ONE_OF = 4;
    private static final int LONGEST_NANOS = 100_000;

    /** What is called. */
    public interface Ledger {
        /**
         * Books that.
         *
         * @param number of that process's call, from 1
         * @return how many all processes have booked until now
         */
        long book(long pid, long number, byte[] slip);
    }

    /**
     * The one object. It has no lock; what is torn, done twice or at once with another throws, and whoever called fails.
     */
    public static final class Book implements Ledger {
        private final Map<Long, Long> booked = new HashMap<>();
        private long all;
        private boolean inside;

        @Override
        public long book(long pid, long number, byte[] slip) {
            if (inside) {
                throw new AssertionError("two calls at a time");
            }
            inside = true;
            long last = booked.getOrDefault(pid, 0L);
            if (number != last + 1) {
                throw new AssertionError("call " + number + " of " + pid + " came after " + last);
            }
            if (!Arrays.equals(slip, slip(pid, number))) {
                throw new AssertionError("call " + number + " of " + pid + " is torn");
            }
            booked.put(pid, number);
            all++;
            inside = false;
            return all;
        }
    }

    /** What was done of the calls, against what those who called wrote down. */
    public static final class History {
        private final List<String> wrong = new ArrayList<>();
        private long returned;
        private int cut;
        private int doneOfCut;

        /**
         * @param book which nobody calls any more
         * @param turns of all processes, those of each in their order
         */
        public History(Book book, List<Turn> turns) {
            Map<Long, List<Turn>> lives = new HashMap<>();
            turns.forEach(turn ->
                    lives.computeIfAbsent(turn.pid(), pid -> new ArrayList<>()).add(turn));
            lives.forEach((pid, life) -> checkLife(pid, life, book.booked.getOrDefault(pid, 0L)));
            Set<Long> answers = new HashSet<>();
            turns.stream()
                    .filter(turn -> turn.value() != 0 && !answers.add(turn.value()))
                    .forEach(turn -> wrong.add("answer " + turn.value() + " was given twice"));
            long sum = book.booked.values().stream().mapToLong(each -> each).sum();
            if (!lives.keySet().containsAll(book.booked.keySet()) || sum != book.all) {
                wrong.add("booked were " + book.booked + ", and together " + book.all);
            }
        }

        private void checkLife(long pid, List<Turn> life, long booked) {
            long returnedOfIt = life.stream().filter(turn -> turn.value() != 0).count();
            long cutOfIt = life.size() - returnedOfIt;
            if (cutOfIt > 1 || booked < returnedOfIt || booked > life.size()) {
                wrong.add("of " + pid + " " + returnedOfIt + " calls returned, " + cutOfIt + " were cut, and " + booked
                        + " were done");
            }
            long before = 0;
            for (Turn turn : life) {
                if (turn.value() != 0 && turn.value() <= before) {
                    wrong.add(pid + " was answered " + turn.value() + " after " + before);
                }
                before = turn.value();
            }
            returned += returnedOfIt;
            cut += Math.toIntExact(cutOfIt);
            doneOfCut += Math.toIntExact(booked - returnedOfIt);
        }

        /** What must not be; empty if all is right. */
        public List<String> wrong() {
            return wrong;
        }

        /** How many calls returned. */
        public long returned() {
            return returned;
        }

        /** How many were cut by a death. */
        public int cut() {
            return cut;
        }

        /** How many of those were done all the same. */
        public int doneOfCut() {
            return doneOfCut;
        }
    }

    /** On that object, which the manager has from now on. */
    public static OwnWork with(Manager manager, Book book) {
        return new OwnWork(manager.register(Ledger.class, () -> book));
    }

    static byte[] slip(long pid, long number) {
        byte[] bytes = new byte[number % LARGE_ONE_OF == 0 ? LARGE_BYTES : (int) (number % LARGE_ONE_OF)];
        new Random(pid << Integer.SIZE ^ number).nextBytes(bytes);
        return bytes;
    }

    @Override
    public void play(int seat, Life life, Seats.Orders orders) {
        Random random = new Random(life.pid());
        while (!orders.stop()) {
            if (orders.rest() != 0 || !life.hasRoom()) {
                LockSupport.parkNanos(LONGEST_NANOS);
                continue;
            }
            long number = life.turns() + 1;
            byte[] slip = slip(life.pid(), number);
            life.asks();
            life.has(ledger.book(life.pid(), number, slip), false, 0);
            life.releases();
            life.released();
            if (random.nextInt(4) == 0) {
                LockSupport.parkNanos(random.nextInt(LONGEST_NANOS));
            }
        }
    }
}
