// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * From which level on a worker's log records are wanted, as {@code java.util.logging} counts levels.
 *
 * @param root of loggers that are not named
 * @param named of these loggers, and of those below them
 */
public record LogLevels(int root, Map<String, Integer> named) {
    /** A program that sets the levels of more loggers than this has its other ones at their parents' levels. */
    private static final int MOST_NAMES = 500;

    public LogLevels {
        named = Map.copyOf(named);
    }

    /** What this JVM's own loggers take now. */
    public static LogLevels ofThisJvm() {
        Map<String, Integer> named = new TreeMap<>();
        for (String name : Collections.list(LogManager.getLogManager().getLoggerNames())) {
            Logger logger = LogManager.getLogManager().getLogger(name);
            Level level = logger == null ? null : logger.getLevel();
            // the transport's loggers are set by the transport, in each JVM
            if (level != null && !name.isEmpty() && !name.startsWith("io.grpc.") && named.size() < MOST_NAMES) {
                named.put(name, level.intValue());
            }
        }
        Level root = Logger.getLogger("").getLevel();
        return new LogLevels(root == null ? Level.INFO.intValue() : root.intValue(), named);
    }
}
