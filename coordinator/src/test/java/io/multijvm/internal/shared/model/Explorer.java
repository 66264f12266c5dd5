// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every state that a {@link Model} can come to, nearest first, so that what is found wrong is found by one of the
 * shortest ways to it. A state is a few longs; all that were seen lie in pages, found again by an open hash table.
 */
final class Explorer {
    private static final int PAGE = 1 << 14;

    /** What is explored. */
    interface Model {
        /** How many longs a state takes. */
        int longs();

        /** The first state. */
        long[] start();

        /**
         * Tells each state that can be next.
         *
         * @return what is wrong about the state itself or with one of its steps, or null
         */
        @Nullable
        String steps(long[] state, Steps next);

        /** What is wrong with stopping in a state that no sure step leaves, or null. */
        @Nullable
        String wrongWithTheEnd(long[] state);
    }

    /** Takes a state's successors. */
    interface Steps {
        /**
         * One step.
         *
         * @param what in a word or two, for the path
         * @param who does it; -1 is the owner
         * @param sure whether it must happen some time: a death or a time-out need not
         */
        void step(String what, int who, long[] next, boolean sure);
    }

    /**
     * What was found.
     *
     * @param wrong null if all is well
     * @param path to what is wrong
     */
    record Found(int states, @Nullable String wrong, List<String> path, long millis) {
        Found {
            path = List.copyOf(path);
        }

        @Override
        public String toString() {
            return states + " states, " + millis + " ms, "
                    + (wrong == null ? "nothing wrong" : wrong + " after " + path.size() + " steps: " + path);
        }
    }

    private final Model model;
    private final int longs;
    private final List<long[]> pages = new ArrayList<>();
    private int size;
    private int[] cameFrom = new int[PAGE];
    /** Number of a state + 1, or 0. */
    private int[] table = new int[1 << 16];

    private int sureSteps;

    private Explorer(Model model) {
        this.model = model;
        this.longs = model.longs();
    }

    static Found explore(Model model) {
        return new Explorer(model).run();
    }

    private Found run() {
        long began = System.nanoTime();
        add(model.start(), -1);
        for (int at = 0; at < size; at++) {
            long[] state = state(at);
            int from = at;
            sureSteps = 0;
            String wrong = model.steps(state, (what, who, next, sure) -> {
                sureSteps += sure ? 1 : 0;
                add(next, from);
            });
            if (wrong == null && sureSteps == 0) {
                wrong = model.wrongWithTheEnd(state);
            }
            if (wrong != null) {
                return new Found(size, wrong, path(at), (System.nanoTime() - began) / 1_000_000);
            }
        }
        return new Found(size, null, List.of(), (System.nanoTime() - began) / 1_000_000);
    }

    private long[] state(int at) {
        int from = (at % PAGE) * longs;
        return Arrays.copyOfRange(pages.get(at / PAGE), from, from + longs);
    }

    private void add(long[] state, int from) {
        if (size * 2 > table.length) {
            grow();
        }
        int place = place(state, table);
        if (table[place] != 0) {
            return;
        }
        if (size % PAGE == 0) {
            pages.add(new long[PAGE * longs]);
        }
        System.arraycopy(state, 0, pages.get(size / PAGE), (size % PAGE) * longs, longs);
        if (size == cameFrom.length) {
            cameFrom = Arrays.copyOf(cameFrom, size * 2);
        }
        cameFrom[size] = from;
        table[place] = ++size;
    }

    private void grow() {
        int[] larger = new int[table.length * 2];
        for (int at = 0; at < size; at++) {
            larger[place(state(at), larger)] = at + 1;
        }
        table = larger;
    }

    private int place(long[] state, int[] in) {
        long hash = 0;
        for (long word : state) {
            hash = (hash ^ word) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        int place = (int) hash & (in.length - 1);
        while (in[place] != 0 && !same(in[place] - 1, state)) {
            place = (place + 1) & (in.length - 1);
        }
        return place;
    }

    private boolean same(int at, long[] state) {
        int from = (at % PAGE) * longs;
        return Arrays.equals(pages.get(at / PAGE), from, from + longs, state, 0, longs);
    }

    /** The steps are not kept, so each is found again among those of the state before it. */
    private List<String> path(int end) {
        Deque<String> path = new ArrayDeque<>();
        for (int at = end; cameFrom[at] >= 0; at = cameFrom[at]) {
            long[] wanted = state(at);
            String[] name = {"?"};
            model.steps(state(cameFrom[at]), (what, who, next, sure) -> {
                if (Arrays.equals(next, wanted)) {
                    name[0] = who < 0 ? "owner:" + what : what + who;
                }
            });
            path.addFirst(name[0]);
        }
        return List.copyOf(path);
    }
}
