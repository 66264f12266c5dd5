// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.context;

import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** The JVM's own logger for tasks, with the worker and the item in front of each message. */
record ItemLogger(System.Logger target, String who) implements System.Logger {
    private static final String NAME = "io.multijvm.task";

    static ItemLogger of(String who) {
        return new ItemLogger(System.getLogger(NAME), who);
    }

    @Override
    public String getName() {
        return target.getName();
    }

    @Override
    public boolean isLoggable(Level level) {
        return target.isLoggable(level);
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            target.log(level, who + ": " + localised(bundle, message), thrown);
        }
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String format,
            @Nullable Object @Nullable ... parameters) {
        if (isLoggable(level)) {
            // no braces and no quotes in front: the format stays one
            target.log(level, who + ": " + localised(bundle, format), parameters);
        }
    }

    private static @Nullable String localised(@Nullable ResourceBundle bundle, @Nullable String key) {
        if (bundle == null || key == null) {
            return key;
        }
        try {
            return bundle.getString(key);
        } catch (MissingResourceException | ClassCastException e) { // then it stands for itself, as with any logger
            return key;
        }
    }
}
