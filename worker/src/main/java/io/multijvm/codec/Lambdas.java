// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.lang.invoke.SerializedLambda;
import java.util.function.Predicate;

/** What a function is that crosses, and which may be decoded where others send them. */
public final class Lambdas {
    private Lambdas() {}

    /** Whether it is a lambda or a method reference without any state, so that one encoding of it does for all of its class. */
    public static boolean captureNothing(Object function) {
        SerializedLambda lambda = GraphParts.serialized(function);
        return lambda != null && lambda.getCapturedArgCount() == 0;
    }

    /**
     * Also lambdas, of classes that are allowed: whoever sends one can have run what those classes themselves have written as
     * a serialisable lambda, and no other code.
     */
    public static Predicate<Class<?>> alsoIn(Predicate<Class<?>> allowed) {
        return type -> type == SerializedLambda.class || allowed.test(type);
    }
}
