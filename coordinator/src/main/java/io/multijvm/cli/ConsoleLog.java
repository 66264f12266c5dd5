// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What is logged during a run, here or in a worker, is said where all else is said, in the place of the JDK's own handler, whose
 * lines would mix with the bar. Where the user configured the JDK's logging otherwise, nothing is changed.
 */
final class ConsoleLog extends Handler implements AutoCloseable {
    private final Consumer<LogRecord> out;
    private final List<Handler> replaced = new ArrayList<>();

    private ConsoleLog(Consumer<LogRecord> out) {
        this.out = out;
    }

    /** Begins; until it is closed. */
    static ConsoleLog begin(Consumer<LogRecord> out) {
        ConsoleLog log = new ConsoleLog(out);
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            if (handler.getClass() == ConsoleHandler.class) {
                log.setLevel(handler.getLevel());
                root.removeHandler(handler);
                log.replaced.add(handler);
            }
        }
        if (!log.replaced.isEmpty()) {
            root.addHandler(log);
        }
        return log;
    }

    @Override
    public void publish(LogRecord record) {
        if (isLoggable(record)) {
            out.accept(record);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        Logger root = Logger.getLogger("");
        root.removeHandler(this);
        replaced.forEach(root::addHandler);
        replaced.clear();
    }
}
