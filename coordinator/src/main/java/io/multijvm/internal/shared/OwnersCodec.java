// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.AroundTask;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.Lambdas;
import io.multijvm.codec.ValueCodec;
import io.multijvm.failure.PayloadException;
import io.multijvm.task.SerializableBiFunction;
import io.multijvm.worker.shared.FaceMethods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a manager decodes: values, and functions that shall run here. Which classes of them grows with what its own program uses. Thread-safe. */
final class OwnersCodec {
    private final ValueCodec values;
    private final ValueCodec functions;
    private final Map<Class<?>, Boolean> trusted = new ConcurrentHashMap<>();
    private volatile AllowList allowed;

    /** @param user the class that started the manager; what comes from where it came may be decoded here */
    OwnersCodec(Class<?> user) {
        this(user, List.of(), false);
    }

    /**
     * Of a manager to which other programs come.
     *
     * @param packages whose classes may be decoded as well
     */
    OwnersCodec(Class<?> user, List<String> packages) {
        this(user, packages, true);
    }

    private OwnersCodec(Class<?> user, List<String> packages, boolean strangers) {
        this.allowed = AllowList.forTask(user, packages);
        ClassLoader theirs = user.getClassLoader();
        ClassLoader loader = theirs == null ? ClassLoader.getSystemClassLoader() : theirs;
        this.values = codec(loader, type -> allowed.test(type), strangers);
        this.functions = codec(loader, Lambdas.alsoIn(type -> allowed.test(type)), strangers);
    }

    private static ValueCodec codec(ClassLoader loader, Predicate<Class<?>> allowed, boolean strangers) {
        return strangers
                ? ValueCodec.ofStrangers(new ForyCodec(), loader, allowed)
                : new ValueCodec(new ForyCodec(), loader, allowed);
    }

    /** Objects of that interface are called by others: so are the types that its methods name. */
    void trustTypes(FaceMethods methods) {
        List<Class<?>> types = new ArrayList<>(methods.types());
        types.add(methods.face());
        types.replaceAll(OwnersCodec::elementOf);
        types.removeIf(Class::isPrimitive);
        synchronized (this) {
            allowed = allowed.plusTypes(types);
        }
    }

    private static Class<?> elementOf(Class<?> type) {
        return type.isArray() ? elementOf(type.getComponentType()) : type;
    }

    /** For values. */
    ValueCodec values() {
        return values;
    }

    /** The owner's own program uses this: what comes from the same jar or directory may be decoded from now on. */
    void trust(Object value) {
        // what is around a task says nothing of what is inside
        if (value instanceof AroundTask || !trusted.containsKey(value.getClass())) {
            synchronized (this) {
                allowed = allowed.plus(value);
            }
            trusted.put(value.getClass(), true); // whoever finds that finds it allowed
        }
    }

    @Nullable
    Object value(byte[] bytes) {
        return values.decode(bytes, 0, bytes.length);
    }

    /**
     * A function that a client sent.
     *
     * @throws PayloadException if it may not be decoded here, or is no function of two arguments
     */
    SerializableBiFunction<?, ?, ?> function(byte[] bytes) {
        Object decoded = functions.decode(bytes, 0, bytes.length);
        if (decoded instanceof SerializableBiFunction<?, ?, ?> function) {
            return function;
        }
        throw new PayloadException("what was sent to run at the owner is no SerializableBiFunction", "function", null);
    }
}
