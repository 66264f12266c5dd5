// SPDX-License-Identifier: Apache-2.0
package io.multijvm.task;

import org.jspecify.annotations.Nullable;

/**
 * What {@code multijvm run JOB.jar} runs on every item, as a class of the jar, where a static method is not enough: because
 * it has something to set up once, or knows its items itself.
 *
 * <p>The program finds a job by {@link java.util.ServiceLoader}, if the jar names it in
 * {@code META-INF/services/io.multijvm.task.Job} and it is the only one there, or by {@code --job} with its class name or
 * its {@link #name}. A job class is public, has a public constructor without parameters, and is compiled against this
 * interface alone; the jar need not, and should not, contain Multijvm.
 *
 * <p>Each worker, be it a JVM or a thread, makes one job when its first item comes and keeps it, so a field may hold what is
 * expensive to set up. It is used by one thread at a time and never sees another worker's fields. A worker that died is
 * replaced by one with a new job. A constructor that throws fails the items of that worker, each with that exception.
 *
 * @param <I> what an item is: what a line, a path, a number or a JSON value can become, or, where {@link #items} gives them,
 *     anything that crosses between JVMs
 * @param <R> a result; what JSON can be written of: a string, a number, a record, a list, a map, null
 */
public interface Job<I extends @Nullable Object, R extends @Nullable Object> {

    /**
     * Does the work for one item. Items are given out in input order, but run side by side in different workers; an item
     * whose worker died may be run again, as {@code --retries} says.
     *
     * @param item a copy; changing it changes nothing elsewhere
     * @return its result, written as JSON
     * @throws Exception whatever is thrown becomes the item's failure, with class, message, frames and causes
     */
    R run(I item) throws Exception;

    /**
     * How the job is called with {@code --job}, beside its class name. By default the class's simple name. Asked in the
     * program's own JVM, of a job made for that.
     */
    default String name() {
        return getClass().getSimpleName();
    }

    /**
     * The items, where the job knows them itself; null, which is the default, where the command says them
     * ({@code --lines}, {@code --jsonl}, {@code --glob}, {@code --range}). A command that says them wins.
     *
     * <p>Called once, in the program's own JVM, on a job made for that; iterated once, by one thread, only a bounded number
     * of items ahead of the results, so it may be endless or slow. Items are not null. What the iterator throws ends the
     * run after the results before it.
     */
    default @Nullable Iterable<? extends I> items() {
        return null;
    }
}
