// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.codec.AllowList;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** What may be in results: grows with the tasks that callers give, whose own jars they trust already. Thread-safe. */
final class TrustedClasses implements Predicate<Class<?>> {
    private final AtomicReference<AllowList> allowed;

    /** @param packages named by the user */
    TrustedClasses(Collection<String> packages) {
        allowed = new AtomicReference<>(AllowList.of(packages));
    }

    /** Results of this task may hold classes from where it came. */
    void admit(Object task) {
        AllowList now = allowed.get();
        AllowList more = now.plus(task);
        while (more != now && !allowed.compareAndSet(now, more)) {
            now = allowed.get();
            more = now.plus(task);
        }
    }

    @Override
    public boolean test(Class<?> type) {
        return allowed.get().test(type);
    }
}
