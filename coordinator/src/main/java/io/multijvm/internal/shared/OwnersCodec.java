// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.codec.AllowList;
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
import org.jspecify.annotations.Nullable;

/** What a manager decodes: values, and functions that shall run here. Which classes of them grows with what its own program uses. Thread-safe. */
final class OwnersCodec {
    private final ValueCodec values;
    private final ValueCodec functions;
    private final Map<Class<?>, Boolean> trusted = new ConcurrentHashMap<>();
    private volatile AllowList allowed;

    /** @param user the class that started the manager; what comes from where it came may be decoded here */
    OwnersCodec(Class<?> user) {
        this(user, List.of());
    }

    /** @param packages whose classes may be decoded as well */
    OwnersCodec(Class<?> user, List<String> packages) {
        this.allowed = AllowList.forTask(user, packages);
        ClassLoader theirs = user.getClassLoader();
        ClassLoader loader = theirs == null ? ClassLoader.getSystemClassLoader() : theirs;
        this.values = new ValueCodec(new ForyCodec(), loader, type -> allowed.test(type));
        this.functions = new ValueCodec(new ForyCodec(), loader, Lambdas.alsoIn(type -> allowed.test(type)));
    }

    /** Objects of that interface are called by others: so are the types that its methods name. */
    void trustTypes(FaceMethods methods) {
        List<Class<?>> types = new ArrayList<>(methods.types());
        types.add(methods.face());
        types.removeIf(type -> type.isPrimitive() || type.isArray());
        synchronized (this) {
            allowed = allowed.plusTypes(types);
        }
    }

    /** For values. */
    ValueCodec values() {
        return values;
    }

    /** The owner's own program uses this: what comes from the same jar or directory may be decoded from now on. */
    void trust(Object value) {
        if (!trusted.containsKey(value.getClass())) {
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
