// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

/**
 * Where goes what is logged in workers through {@code System.Logger}, {@code java.util.logging} or {@link
 * io.multijvm.task.TaskContext#logger}. Other logging libraries go their own ways, with their own configuration, in a worker as
 * anywhere.
 */
public enum Logging {
    /**
     * To {@code java.util.logging}'s loggers of the same names in the JVM that made the pool, as {@link WorkerLogRecord}s: with worker and item in front
     * of the message, and behind it what was thrown, as text. Not printed in the worker as well. The default.
     *
     * <p>Levels are those that this JVM's loggers had when the pool was made, {@code INFO} by default: what they would not take
     * is not sent. Nobody waits: where records come faster than this JVM's handlers take them, the newest are dropped and a line
     * says how many. Of a worker that dies, the last records can be lost; what it prints is not.
     *
     * <p>Where {@code java.util.logging} is configured in the worker, by its system properties {@code
     * java.util.logging.config.file}, {@code .config.class} or {@code .manager}, which workers inherit, that configuration says
     * where records go: as {@link #LOCAL}.
     */
    FORWARD,
    /** They stay in the worker: its {@code java.util.logging} is as the JDK or its configuration has it, printing to stderr. */
    LOCAL
}
