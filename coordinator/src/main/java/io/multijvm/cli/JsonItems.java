// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.worker.job.Conversions;
import io.multijvm.worker.job.ItemForm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lines that hold one JSON value each. They are checked here, where the line number is known, and cross as text: only the
 * worker knows the job's types. No line is skipped, so that an index and a line number always belong together.
 */
final class JsonItems implements Items {
    private final LineItems lines;

    /** Set by the thread that reads, looked at by the one that consumes the results. */
    private volatile @Nullable String failure;

    JsonItems(LineItems lines) {
        this.lines = lines;
    }

    @Override
    public Iterator<Object> iterator() {
        Iterator<Object> each = lines.iterator();
        return new Iterator<>() {
            private long number;

            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public Object next() {
                Object line = each.next();
                number++;
                return checked(line, number);
            }
        };
    }

    private Object checked(Object line, long number) {
        String flaw = line instanceof String text ? JsonText.flaw(text).orElse(null) : "it is not valid UTF-8";
        if (flaw == null) {
            return line;
        }
        String told = lines.name() + " line " + number + " is not one JSON value: " + flaw;
        failure = told;
        throw new UncheckedIOException(new IOException(told));
    }

    @Override
    public OptionalLong total() {
        return lines.total();
    }

    @Override
    public Predicate<Class<?>> fits() {
        return Conversions::takesJson;
    }

    @Override
    public ItemForm form() {
        return ItemForm.JSON;
    }

    @Override
    public boolean canBeLookedAt() {
        return lines.canBeLookedAt();
    }

    @Override
    public String noun() {
        return "JSON value";
    }

    /** Of several overloads only the one that takes any value is surely meant. */
    @Override
    public Class<?>[] preferredTypes() {
        return new Class<?>[] {Object.class};
    }

    @Override
    public String advice() {
        return "let it take a String, a number, a record, a List or a Map";
    }

    @Override
    public String describe(long index, Object item) {
        return lines.describe(index, item);
    }

    @Override
    public Optional<Alone> alone(long index, Object item) {
        return lines.alone(index, item);
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure).or(lines::failure);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
