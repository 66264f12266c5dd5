// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.task.Job;
import io.multijvm.worker.job.ItemForm;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The items that a job knows itself; they cross as the objects that they are. */
final class JobItems implements Items {
    private final String job;
    private final Iterable<?> values;

    /** Set by the thread that reads, looked at by the one that consumes the results. */
    private volatile @Nullable String failure;

    private JobItems(String job, Iterable<?> values) {
        this.job = job;
        this.values = values;
    }

    /** The items of this job; empty if it has none of its own. */
    static Optional<Items> of(String className, Job<?, ?> job) {
        try {
            Iterable<?> values = job.items();
            return values == null ? Optional.empty() : Optional.of(new JobItems(className, values));
        } catch (RuntimeException | LinkageError e) { // the user's method
            throw new UsageException("job " + className + " cannot give its items: " + OneLine.of(e.toString())
                    + "; give " + ItemOptions.CHOICES);
        }
    }

    @Override
    public Iterator<Object> iterator() {
        Iterator<?> each = guarded(values::iterator);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return guarded(each::hasNext);
            }

            @Override
            public Object next() {
                Object item = guarded(each::next);
                if (item == null) {
                    failure = "the items of job " + job + " hold a null; leave it out, or wrap it";
                    throw new IllegalStateException(failure);
                }
                return item;
            }
        };
    }

    /** The user's code; what it throws ends the run, and must be told as its own. */
    private <T extends @Nullable Object> T guarded(Supplier<T> step) {
        try {
            return step.get();
        } catch (RuntimeException | Error e) {
            failure = "the items of job " + job + " broke off: " + OneLine.of(e.toString());
            throw e;
        }
    }

    @Override
    public OptionalLong total() {
        return values instanceof Collection<?> known ? OptionalLong.of(known.size()) : OptionalLong.empty();
    }

    @Override
    public Predicate<Class<?>> fits() {
        return type -> true;
    }

    @Override
    public ItemForm form() {
        return ItemForm.VALUE;
    }

    @Override
    public String noun() {
        return "item";
    }

    @Override
    public Class<?>[] preferredTypes() {
        return new Class<?>[] {Object.class};
    }

    @Override
    public String describe(long index, Object item) {
        try {
            return OneLine.quote(item.toString());
        } catch (RuntimeException e) { // the user's method, and the failure it describes matters more
            return "a " + item.getClass().getName();
        }
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close() {}
}
