// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.task.Codec;
import java.util.function.Predicate;

/**
 * Java serialisation: slower and larger than {@link ForyCodec}, and every class must be {@link java.io.Serializable}; for
 * values whose {@code serialVersionUID} and {@code readObject} must count. Proxies are never decoded.
 */
public final class JavaCodec implements Codec {
    public JavaCodec() {}

    @Override
    public Session open(ClassLoader loader, Predicate<Class<?>> allowed) {
        return new JavaSession(loader, allowed);
    }
}
