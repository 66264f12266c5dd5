// SPDX-License-Identifier: Apache-2.0
package io.multijvm.task;

import org.jspecify.annotations.Nullable;

/** Several arguments of one item, for {@code starmap}: {@code Args.of(a, b)}. */
public final class Args {
    private Args() {}

    /** Two arguments of one item. */
    public record Two<A extends @Nullable Object, B extends @Nullable Object>(A first, B second) {}

    /** Three arguments of one item. */
    public record Three<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>(
            A first, B second, C third) {}

    /** One item of two arguments. */
    public static <A extends @Nullable Object, B extends @Nullable Object> Two<A, B> of(A first, B second) {
        return new Two<>(first, second);
    }

    /** One item of three arguments. */
    public static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
            Three<A, B, C> of(A first, B second, C third) {
        return new Three<>(first, second, third);
    }

    /** {@code task} as a function of one item that holds both arguments. */
    public static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
            SerializableFunction<Two<A, B>, R> spread(SerializableBiFunction<? super A, ? super B, ? extends R> task) {
        return args -> task.applyOrThrow(args.first(), args.second());
    }

    /** {@code task} as a function of one item that holds all three arguments. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            SerializableFunction<Three<A, B, C>, R> spread(
                    SerializableTriFunction<? super A, ? super B, ? super C, ? extends R> task) {
        return args -> task.applyOrThrow(args.first(), args.second(), args.third());
    }
}
