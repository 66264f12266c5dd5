// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import io.multijvm.task.SerializableFunction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Any public static method of one parameter, as a task: item in, JSON text out. Only names cross, so the job's classes
 * are loaded where the task runs, by the context class loader, and the coordinator decodes nothing but text.
 *
 * <p>An item is a line (a {@code String}, or a {@code byte[]} if it is not UTF-8), a number (a {@code Long}) or the text of
 * a JSON value; its {@link ItemForm} tells which.
 */
public final class MethodTask implements SerializableFunction<Object, String> {
    private static final long serialVersionUID = 1;

    private final String className;
    private final String methodName;
    private final String parameterType;
    private final ItemForm form;

    /** Found at the first item; a task crosses once for each call and worker, so this is once a worker. */
    private transient volatile @Nullable Target target;

    /**
     * @param className binary name, as {@code Class.getName()} has it
     * @param methodName its public static method
     * @param parameterType {@code Class.getName()} of the one parameter, which tells overloads apart
     * @param form how items come
     */
    public MethodTask(String className, String methodName, String parameterType, ItemForm form) {
        this.className = Objects.requireNonNull(className, "className");
        this.methodName = Objects.requireNonNull(methodName, "methodName");
        this.parameterType = Objects.requireNonNull(parameterType, "parameterType");
        this.form = Objects.requireNonNull(form, "form");
    }

    /** The task that calls this method with items of this form. */
    public static MethodTask of(Method method, ItemForm form) {
        return new MethodTask(
                method.getDeclaringClass().getName(), method.getName(), method.getParameterTypes()[0].getName(), form);
    }

    @Override
    public String applyOrThrow(Object item) throws Exception {
        Target found = target;
        if (found == null) {
            // Two threads may both search; they find the same.
            found = find();
            target = found;
        }
        return ResultJson.of(found.call(item));
    }

    private Target find() throws ReflectiveOperationException {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        // Not initialised here: an initialiser that fails then fails the item that calls it, as it would anywhere.
        Class<?> owner = Class.forName(className, false, loader);
        Method method = Arrays.stream(owner.getMethods())
                .filter(each -> each.getName().equals(methodName) && Modifier.isStatic(each.getModifiers()))
                .filter(each -> each.getParameterCount() == 1
                        && each.getParameterTypes()[0].getName().equals(parameterType))
                .findFirst()
                .orElseThrow(() -> new NoSuchMethodException(this + " is not in the class that " + loader + " found"));
        method.setAccessible(true); // its class need not be public
        Type type = method.getGenericParameterTypes()[0];
        return new Target(method, form.to(type, method.getParameterTypes()[0]));
    }

    @Override
    public String toString() {
        return className + "::" + methodName + "(" + parameterType + ")";
    }

    private record Target(Method method, Function<Object, @Nullable Object> conversion) {
        @Nullable
        Object call(Object item) throws Exception {
            Object argument = conversion.apply(item);
            try {
                return method.invoke(null, argument);
            } catch (InvocationTargetException e) {
                throw JobTask.thrownBy(e);
            }
        }
    }
}
