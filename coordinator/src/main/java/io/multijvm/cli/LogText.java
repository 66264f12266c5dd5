// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** A log record's message, with its parameters in it, and what was thrown. */
final class LogText {
    private LogText() {}

    static String of(LogRecord record) {
        String message = new SimpleFormatter().formatMessage(record);
        return record.getThrown() == null ? message : message + "\n" + OneLine.stackOf(record.getThrown());
    }
}
