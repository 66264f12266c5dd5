// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.pool;

import io.multijvm.codec.AllowList;
import java.util.Collection;
import java.util.function.Predicate;

/** What may be in results: grows with the tasks that callers give, whose own jars they trust already. Thread-safe. */
public final class TrustedClasses implements Predicate<Class<?>> {
    private volatile AllowList allowed;

    /** @param packages named by the user */
    public TrustedClasses(Collection<String> packages) {
        allowed = AllowList.of(packages);
    }

    /** Results of this task may hold classes from where it came. */
    public void admit(Object task) {
        if (allowed.plus(task) != allowed) {
            synchronized (this) {
                allowed = allowed.plus(task);
            }
        }
    }

    @Override
    public boolean test(Class<?> type) {
        return allowed.test(type);
    }
}
