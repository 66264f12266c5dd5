// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.AroundTask;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.ValueCodec;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How this process decodes what comes from managers that programs reach which nobody here has started: values of the JDK, and
 * classes from where the code comes that it runs for its own program, or that connected. Thread-safe.
 */
final class ServedValues {
    private final Map<Class<?>, Boolean> trusted = new ConcurrentHashMap<>();
    private volatile AllowList allowed = AllowList.of(List.of());
    private volatile @Nullable ValueCodec codec;

    ValueCodec codec() {
        ValueCodec known = codec;
        return known != null ? known : findsBy(ServedValues.class.getClassLoader());
    }

    /** Finds classes by that loader from now on. */
    synchronized ValueCodec findsBy(@Nullable ClassLoader loader) {
        ValueCodec made = ValueCodec.ofStrangers(
                new ForyCodec(),
                loader == null ? ClassLoader.getSystemClassLoader() : loader,
                type -> allowed.test(type));
        codec = made;
        return made;
    }

    /** This process runs that. */
    void trust(Object task) {
        // what is around a task says nothing of what is inside
        if (task instanceof AroundTask || !trusted.containsKey(task.getClass())) {
            synchronized (this) {
                allowed = allowed.plus(task);
            }
            trusted.put(task.getClass(), true); // whoever finds that finds it allowed
        }
    }

    synchronized void trust(Class<?> user, Collection<String> packages) {
        allowed = allowed.plus(user, packages);
    }
}
