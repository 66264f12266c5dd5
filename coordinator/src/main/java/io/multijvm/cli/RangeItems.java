// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.worker.job.Conversions;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The whole numbers from {@code first} on, without {@code end}; made as they are asked for. */
record RangeItems(long first, long end) implements Items {
    private static final Pattern RANGE = Pattern.compile("(-?[0-9][0-9_]*)\\.\\.(-?[0-9][0-9_]*)");

    /** Reads {@code A..B}. */
    static RangeItems parse(String text) {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            throw new UsageException("--range " + OneLine.quote(text)
                    + " is not a range; write two whole numbers as A..B, from A up to but without B");
        }
        long first = bound(matcher.group(1));
        long end = bound(matcher.group(2));
        if (first > end) {
            throw new UsageException(
                    "--range " + text + " begins after its end; write the smaller number first: " + end + ".." + first);
        }
        return new RangeItems(first, end);
    }

    private static long bound(String digits) {
        try {
            return Long.parseLong(digits.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new UsageException("--range: " + digits + " is out of bounds; numbers go from " + Long.MIN_VALUE
                    + " to " + Long.MAX_VALUE);
        }
    }

    @Override
    public Iterator<Object> iterator() {
        return new Iterator<>() {
            private long next = first;

            @Override
            public boolean hasNext() {
                return next < end;
            }

            @Override
            public Object next() {
                if (next >= end) {
                    throw new NoSuchElementException();
                }
                return next++;
            }
        };
    }

    @Override
    public OptionalLong total() {
        long count = end - first;
        return count < 0 ? OptionalLong.empty() : OptionalLong.of(count); // more than a long can count
    }

    @Override
    public Predicate<Class<?>> fits() {
        return Conversions::takesNumbers;
    }

    @Override
    public String noun() {
        return "number";
    }

    @Override
    public Class<?>[] preferredTypes() {
        return new Class<?>[] {long.class, Long.class, int.class, Integer.class};
    }

    @Override
    public String describe(long index, Object item) {
        return "number " + item;
    }

    @Override
    public Optional<Alone> alone(long index, Object item) {
        long number = first + index;
        return Optional.of(new Alone(List.of(), List.of("--range=" + number + ".." + (number + 1))));
    }

    @Override
    public Optional<String> failure() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
