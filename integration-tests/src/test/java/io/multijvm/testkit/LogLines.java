// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What loggers below one name said at WARNING and above, instead of the console. */
public final class LogLines extends Handler implements AutoCloseable {
    private final Logger logger;
    private final boolean usedParents;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LogLines(Logger logger) {
        this.logger = logger;
        this.usedParents = logger.getUseParentHandlers();
    }

    /** Listens until it is closed. */
    public static LogLines of(String name) {
        LogLines lines = new LogLines(Logger.getLogger(name));
        lines.logger.setUseParentHandlers(false);
        lines.logger.addHandler(lines);
        return lines;
    }

    /** Message and exception of each, in their order. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void publish(LogRecord said) {
        if (said.getLevel().intValue() >= Level.WARNING.intValue()) {
            lines.add(said.getThrown() == null ? said.getMessage() : said.getMessage() + ": " + said.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(usedParents);
    }
}
