// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import java.lang.reflect.Type;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How an item comes to the task, and so how it becomes the parameter. */
public enum ItemForm {
    /** A line, a path or a number, for parameters of simple types. */
    PLAIN,
    /** The text of one JSON value, for parameters of any type that JSON can fill. */
    JSON,
    /** An object that a job made itself, which is the parameter. */
    VALUE;

    /** What turns items of this form into this type. */
    Function<Object, @Nullable Object> to(Type type, Class<?> raw) {
        return switch (this) {
            case PLAIN -> Conversions.to(raw);
            case JSON -> item -> JsonValues.read((String) item, type, raw);
            case VALUE -> item -> item;
        };
    }
}
