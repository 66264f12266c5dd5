// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import com.google.protobuf.ByteString;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.v1.LogLevels;
import io.multijvm.wire.v1.LogRecord;
import io.multijvm.worker.execute.TaskLoop;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Takes what is logged in this JVM to the coordinator, in the place of the handler that would print it here. Where the user has
 * a configuration of his own for {@code java.util.logging}, that says where records go, and nothing is changed.
 */
final class LogForwarding extends Handler {
    private static final List<String> CONFIGURED =
            List.of("java.util.logging.config.file", "java.util.logging.config.class", "java.util.logging.manager");

    private final TaskLoop tasks;
    private final BooleanSupplier inLoop;
    private final LogSender sender;
    private final Formatter formatter = new SimpleFormatter();
    /** Held here, for the logging system keeps a logger's level only as long as somebody keeps the logger. */
    private final List<Logger> levelled = new ArrayList<>();

    private LogForwarding(TaskLoop tasks, BooleanSupplier inLoop, LogSender sender) {
        this.tasks = tasks;
        this.inLoop = inLoop;
        this.sender = sender;
    }

    /**
     * Begins, unless the user's configuration says otherwise.
     *
     * @param wanted which records
     * @param inLoop whether this is the thread that sends
     */
    static void begin(LogLevels wanted, TaskLoop tasks, BooleanSupplier inLoop, LogSender sender) {
        if (CONFIGURED.stream().anyMatch(name -> System.getProperty(name) != null)) {
            return;
        }
        LogForwarding forwarding = new LogForwarding(tasks, inLoop, sender);
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            if (handler.getClass() == ConsoleHandler.class) {
                root.removeHandler(handler);
            }
        }
        forwarding.level(root, wanted.getRoot());
        for (int i = 0; i < Math.min(wanted.getNameCount(), wanted.getLevelCount()); i++) {
            forwarding.level(Logger.getLogger(wanted.getName(i)), wanted.getLevel(i));
        }
        root.addHandler(forwarding);
    }

    private void level(Logger logger, int level) {
        logger.setLevel(Level.parse(Integer.toString(level)));
        levelled.add(logger);
    }

    @Override
    public void publish(java.util.logging.LogRecord said) {
        // what sending itself has to say of each message would be one more message
        if (inLoop.getAsBoolean() && said.getLevel().intValue() < Level.WARNING.intValue()) {
            return;
        }
        long item = tasks.itemAtHand();
        LogRecord.Builder record = LogRecord.newBuilder()
                .setLogger(said.getLoggerName() == null ? "" : said.getLoggerName())
                .setLevel(said.getLevel().intValue())
                .setMessageBytes(bytes(named(text(said), item)))
                .setMillis(said.getMillis())
                .setItem(item);
        if (said.getSourceClassName() != null) {
            record.setSourceClass(said.getSourceClassName());
        }
        if (said.getSourceMethodName() != null) {
            record.setSourceMethod(said.getSourceMethodName());
        }
        sender.say(record.build());
    }

    private String text(java.util.logging.LogRecord said) {
        String message = String.valueOf(formatter.formatMessage(said));
        Throwable thrown = said.getThrown();
        if (thrown == null) {
            return message;
        }
        StringWriter stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        return message + "\n" + stack.toString().stripTrailing();
    }

    /** The logger that tasks get from their context names both itself. */
    private String named(String message, long item) {
        String worker = "worker " + tasks.workerId();
        boolean named = message.startsWith(worker + ": ") || message.startsWith(worker + ", item ");
        return named ? message : worker + (item < 0 ? "" : ", item " + item) + ": " + message;
    }

    /** Not as a string: of half a character, where a text was cut, protobuf would log a warning. */
    private static ByteString bytes(String text) {
        String kept = text.length() <= Protocol.MOST_LOG_CHARS
                ? text
                : text.substring(0, Protocol.MOST_LOG_CHARS) + " ... [" + (text.length() - Protocol.MOST_LOG_CHARS)
                        + " characters more]";
        return ByteString.copyFrom(kept, StandardCharsets.UTF_8);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
