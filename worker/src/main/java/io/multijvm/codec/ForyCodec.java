// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.task.Codec;
import java.util.function.Predicate;
import org.apache.fory.logging.LoggerFactory;

/**
 * Apache Fory: the default codec. Carries nearly everything, {@code Serializable} or not, except what lives in one JVM only
 * (threads, streams, sockets) and lambdas that are not serialisable.
 *
 * <p>Both ends must have the same version of each class; a difference is noticed and refused. A JDK proxy is decoded only
 * where {@code allowed} accepts {@link java.lang.reflect.Proxy}, a lambda only where it accepts
 * {@link java.lang.invoke.SerializedLambda}.
 */
public final class ForyCodec implements Codec {

    static {
        // Otherwise it writes warnings and errors, which we report as exceptions anyway, to the user's stdout.
        LoggerFactory.disableLogging();
    }

    public ForyCodec() {}

    @Override
    public Session open(ClassLoader loader, Predicate<Class<?>> allowed) {
        return new ForySession(loader, allowed);
    }
}
