// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

/** A class in the bytes is not allowed here. {@link ValueCodec} turns it into a failure that says how to allow it. */
final class RefusedClassException extends RuntimeException {
    private final String refused;

    RefusedClassException(String refused) {
        super("class " + refused + " is not allowed");
        this.refused = refused;
    }

    RefusedClassException(Class<?> refused) {
        this(ClassNames.elementOf(refused).getName());
    }

    /** Name of the class; of the element class, where it was an array. */
    String refused() {
        return refused;
    }
}
