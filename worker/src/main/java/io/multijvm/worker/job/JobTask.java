// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import io.multijvm.task.Job;
import io.multijvm.task.SerializableFunction;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Job} of the user's as a task: item in, JSON text out. As with {@link MethodTask} only names cross; each thread
 * that runs items makes a job of its own, by its context class loader, so that jobs need not be thread-safe.
 */
public final class JobTask implements SerializableFunction<Object, String> {
    private static final long serialVersionUID = 1;

    private final String className;
    private final ItemForm form;

    /** Made when it is needed first, for nothing but the fields above crosses. Guarded by this. */
    private transient @Nullable ThreadLocal<@Nullable Target> targets;

    /**
     * @param className binary name of the job's class
     * @param form how items come
     */
    public JobTask(String className, ItemForm form) {
        this.className = Objects.requireNonNull(className, "className");
        this.form = Objects.requireNonNull(form, "form");
    }

    @Override
    public String applyOrThrow(Object item) throws Exception {
        ThreadLocal<@Nullable Target> ours = targets();
        Target target = ours.get();
        if (target == null) {
            target = make();
            ours.set(target);
        }
        return ResultJson.of(target.run(item));
    }

    private synchronized ThreadLocal<@Nullable Target> targets() {
        ThreadLocal<@Nullable Target> known = targets;
        if (known == null) {
            known = new ThreadLocal<>();
            targets = known;
        }
        return known;
    }

    private Target make() throws Exception {
        Class<?> type = Class.forName(className, true, Thread.currentThread().getContextClassLoader());
        return new Target(newJob(type), form.to(JobTypes.itemOf(type), JobTypes.rawItemOf(type)));
    }

    /**
     * A job of this class.
     *
     * @throws Exception what its constructor throws, or why it cannot be called
     */
    @SuppressWarnings("unchecked") // the items are made to fit, or are the job's own
    public static Job<Object, Object> newJob(Class<?> type) throws Exception {
        Constructor<?> constructor = type.getConstructor();
        constructor.setAccessible(true); // its class need not be public
        try {
            return (Job<Object, Object>) constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw thrownBy(e);
        }
    }

    /** What the user's code threw, as it was; an error is thrown at once. */
    static Exception thrownBy(InvocationTargetException e) {
        Throwable thrown = e.getCause();
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof Exception exception ? exception : e;
    }

    @Override
    public String toString() {
        return "job " + className;
    }

    private record Target(Job<Object, Object> job, Function<Object, @Nullable Object> conversion) {
        @SuppressWarnings("NullAway") // a null is one of the user's items, where the input has one
        @Nullable
        Object run(Object item) throws Exception {
            return job.run(conversion.apply(item));
        }
    }
}
