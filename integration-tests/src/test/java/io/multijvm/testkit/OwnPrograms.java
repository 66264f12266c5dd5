// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** An interface with all that interfaces can have, a plain class behind it, and a program that uses it. */
public final class OwnPrograms {
    private OwnPrograms() {}

    /** Of whatever type. */
    interface Keeper<T> {
        /** Gives the one before. */
        @Nullable
        T keep(T value);

        default T kept() {
            T before = Objects.requireNonNull(keep(none()), "nothing is kept");
            T none = keep(before);
            return none == null ? before : none;
        }

        T none();
    }

    /** Not public, and with a narrower form of what it inherits. */
    public interface Everything extends Keeper<String>, ToIntFunction<String> {
        static Everything make() {
            return new Plain();
        }

        @Override
        @Nullable
        String keep(String value);

        void nothing();

        int add(int one, int other);

        double add(double one, double other);

        String add(Object one, @Nullable Object other);

        String all(String first, Object... others);

        long[] reversed(long... numbers);

        boolean not(boolean so);

        char upper(char letter);

        <E extends Comparable<E>> E larger(E one, E other);

        @Nullable
        Object same(@Nullable Object value);

        Point moved(Point from, byte dx, short dy, float ignored);

        default String greeting(String name) {
            return add("hello ", name) + " " + getClass().getSimpleName(); // that of the object, so it runs there
        }

        void fail(String how) throws IOException;

        @Override
        boolean equals(@Nullable Object other);

        @Override
        int hashCode();
    }

    /** A value. */
    public record Point(int x, int y) implements Serializable {}

    /** An exception that only itself can make again. */
    private static final class Closed extends RuntimeException {
        private final Thread thread = Thread.currentThread();

        @Override
        public String getMessage() {
            return "closed, " + (thread == Thread.currentThread());
        }
    }

    private static final class Plain implements Everything {
        private String kept = "first";
        private int nothings;

        @Override
        public @Nullable String keep(String value) {
            String before = kept;
            kept = value;
            return before.equals(none()) ? null : before;
        }

        @Override
        public String none() {
            return "none";
        }

        @Override
        public int applyAsInt(String other) {
            return kept.compareTo(other);
        }

        @Override
        public void nothing() {
            nothings++;
        }

        @Override
        public int add(int one, int other) {
            return one + other + nothings;
        }

        @Override
        public double add(double one, double other) {
            return one + other;
        }

        @Override
        public String add(Object one, @Nullable Object other) {
            return one + "" + other;
        }

        @Override
        public String all(String first, Object... others) {
            return first + Arrays.toString(others);
        }

        @Override
        public long[] reversed(long... numbers) {
            for (int i = 0; i < numbers.length / 2; i++) {
                long first = numbers[i];
                numbers[i] = numbers[numbers.length - 1 - i];
                numbers[numbers.length - 1 - i] = first;
            }
            return numbers;
        }

        @Override
        public boolean not(boolean so) {
            return !so;
        }

        @Override
        public char upper(char letter) {
            return String.valueOf(letter).toUpperCase(Locale.ROOT).charAt(0);
        }

        @Override
        public <E extends Comparable<E>> E larger(E one, E other) {
            return one.compareTo(other) > 0 ? one : other;
        }

        @Override
        public @Nullable Object same(@Nullable Object value) {
            return value;
        }

        @Override
        public Point moved(Point from, byte dx, short dy, float ignored) {
            return new Point(from.x() + dx, from.y() + dy);
        }

        @Override
        public void fail(String how) throws IOException {
            switch (how) {
                case "checked" -> throw new IOException("as declared");
                case "memory" -> throw new OutOfMemoryError("of the owner");
                case "wrapped" -> throw new IllegalStateException("wrapped", new OutOfMemoryError("of the owner"));
                case "deep" -> fail(how);
                case "closed" -> throw new Closed();
                default -> throw new IllegalArgumentException(how);
            }
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Plain;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    /** What a program sees of it, step by step. */
    public static List<String> of(Everything it) {
        List<String> seen = new ArrayList<>();
        seen.add(it.keep("second") + it.kept() + it.none());
        Keeper<String> wider = it;
        seen.add(wider.keep("third") + " " + it.applyAsInt("fourth"));
        it.nothing();
        seen.add(it.add(1, 2) + " " + it.add(1.5, 2) + " " + it.add("a", null) + " " + it.not(true) + it.upper('x'));
        seen.add(it.all("none") + it.all("two", 1, List.of()) + it.all("array", new Object[] {new int[0].length}));
        long[] numbers = {1, 2, 3};
        seen.add(Arrays.toString(it.reversed(numbers)));
        seen.add(it.larger("a", "b") + it.larger(3, 2) + it.same(null) + it.same(List.of(1)));
        seen.add(it.moved(new Point(1, 2), (byte) 3, (short) 4, 5f) + it.greeting("you"));
        for (String how : List.of("checked", "unchecked")) {
            try {
                it.fail(how);
            } catch (IOException | RuntimeException e) {
                seen.add(e.toString());
            }
        }
        return seen;
    }
}
