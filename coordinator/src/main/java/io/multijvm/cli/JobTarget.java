// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import io.multijvm.task.Job;
import io.multijvm.task.SerializableFunction;
import io.multijvm.worker.job.ItemForm;
import io.multijvm.worker.job.JobTask;
import io.multijvm.worker.job.JobTypes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The job that {@code --job NAME} names, or the only one that the jar registers.
 *
 * @param name a class name, or what a job calls itself; null for the only one
 */
record JobTarget(@Nullable String name) implements Target {
    private static final String HOW_TO_REGISTER = "name its class in META-INF/services/" + Job.class.getName();

    @Override
    public SerializableFunction<Object, String> resolve(JobJar jar, Items items) {
        Class<?> job = find(jar);
        Class<?> taken = JobTypes.rawItemOf(job);
        if (items.form() != ItemForm.VALUE && !items.fits().test(taken)) {
            throw new UsageException("a " + items.noun() + " cannot become the " + taken.getSimpleName() + " that job "
                    + job.getName() + " takes; " + items.advice());
        }
        return new JobTask(job.getName(), items.form());
    }

    @Override
    public Items ownItems(JobJar jar) {
        Class<?> job = find(jar);
        return JobItems.of(job.getName(), made(job))
                .orElseThrow(() -> new UsageException("nothing says what the items are, and job " + job.getName()
                        + " has none of its own; give " + ItemOptions.CHOICES));
    }

    private Class<?> find(JobJar jar) {
        List<Class<?>> registered = jar.registeredJobs();
        if (name == null) {
            return only(registered, jar);
        }
        Optional<Class<?>> byClass =
                registered.stream().filter(each -> each.getName().equals(name)).findFirst();
        return byClass.or(() -> registered.stream()
                        .filter(each -> nameOf(each).equals(name))
                        .findFirst())
                .or(() -> jar.has(name) ? Optional.of(checked(jar.load("--job", name))) : Optional.empty())
                .orElseThrow(() -> unknown(registered, jar));
    }

    private static Class<?> only(List<Class<?>> registered, JobJar jar) {
        if (registered.isEmpty()) {
            throw new UsageException("nothing says what is run, and " + jar.path()
                    + " registers no job; give --call PKG.CLASS::METHOD or --job CLASS, or " + HOW_TO_REGISTER);
        }
        if (registered.size() > 1) {
            throw new UsageException(
                    jar.path() + " has several jobs: " + listed(registered) + "; choose one with --job");
        }
        return registered.get(0);
    }

    private UsageException unknown(List<Class<?>> registered, JobJar jar) {
        String there = registered.isEmpty()
                ? "it registers none; give the full class name, or " + HOW_TO_REGISTER
                : "it has " + listed(registered);
        return new UsageException(
                "--job " + OneLine.quote(String.valueOf(name)) + " is no job in " + jar.path() + "; " + there);
    }

    private static String listed(List<Class<?>> jobs) {
        return jobs.stream().map(Class::getName).sorted().collect(Collectors.joining(", "));
    }

    /** Only where no class has this name is a job made to ask it. */
    private static String nameOf(Class<?> job) {
        try {
            return made(job).name();
        } catch (RuntimeException | LinkageError e) { // it is the user's method
            throw new UsageException("job " + job.getName() + " cannot tell its name: " + OneLine.of(e.toString())
                    + "; name it by its class");
        }
    }

    private static Class<?> checked(Class<?> type) {
        if (!Job.class.isAssignableFrom(type)) {
            throw new UsageException("--job: class " + type.getName() + " does not implement " + Job.class.getName()
                    + "; a static method is run with --call " + type.getName() + "::METHOD");
        }
        return type;
    }

    private static Job<Object, Object> made(Class<?> type) {
        try {
            return JobTask.newJob(type);
        } catch (ReflectiveOperationException e) {
            throw new UsageException("job " + type.getName()
                    + " cannot be made; it has to be a class with a public constructor without parameters");
        } catch (Exception | LinkageError e) { // the user's constructor
            throw new UsageException("the constructor of job " + type.getName() + " fails: " + OneLine.of(e.toString())
                    + "; do in it only what works without a worker");
        }
    }
}
