// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.lineage;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a worker's environment says of who started it. Its children inherit that, and theirs; so they can be found when the
 * worker is dead and nothing else tells whose children they were. It is no secret. A worker of a worker has both marks.
 *
 * @param coordinator who started the worker
 * @param session the coordinator's, which is the worker's; 0 where the system does not tell
 * @param number counts the coordinator's workers
 */
public record Mark(ProcessStamp coordinator, long session, long number) {
    /** The environment variable; its value is marks with blanks between them, the youngest last. */
    public static final String VARIABLE = "MULTIJVM_STARTED_BY";

    private static final AtomicLong WORKERS = new AtomicLong();

    /** A new one, for a worker of this JVM. */
    public static Mark next() {
        ProcessStamp self = ProcessStamp.ofThisProcess();
        ProcStat stat = ProcStat.of(self.pid());
        return new Mark(self, stat == null ? 0 : stat.session(), WORKERS.incrementAndGet());
    }

    /**
     * The variable's value for the worker.
     *
     * @param inherited the value that this JVM has itself; null for none
     */
    public String after(@Nullable String inherited) {
        return inherited == null || inherited.isBlank() ? toString() : inherited + " " + this;
    }

    /** The youngest mark in a value of the variable. */
    static String youngest(String value) {
        return value.substring(value.lastIndexOf(' ') + 1);
    }

    /** Whether a mark is of a worker of this coordinator that had this session. */
    static boolean isOf(String mark, ProcessStamp coordinator, long session) {
        return mark.startsWith(coordinator + "-" + session + "-");
    }

    @Override
    public String toString() {
        return coordinator + "-" + session + "-" + number;
    }
}
