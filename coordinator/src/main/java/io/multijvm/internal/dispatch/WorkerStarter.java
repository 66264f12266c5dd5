// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.internal.arena.ResultArena;
import io.multijvm.wire.mapped.RecorderReader;
import org.jspecify.annotations.Nullable;

/** Starts worker processes, off the loop. */
public interface WorkerStarter {
    /**
     * Begins to start one; returns at once. The progress is told on the loop, in this order: prepared, launched, and in
     * the end exited; or failed, alone or after prepared, and then nothing more; or noRoom,
     * alone.
     *
     * @param slot its place in the pool; -1 for a standby, which is told its place later, and for which there must be memory
     * @param incarnation of that place, or the standby's own number
     * @param larger whether it is to have more heap than the others
     * @param worker hears what the process says, once it has connected
     */
    void start(int slot, int incarnation, boolean larger, WorkerListener worker, Progress progress);

    /** Bytes of memory that can be taken now where workers are started. Reads files: not for the loop. */
    long availableMemory();

    /** How one process comes in. Never blocks. */
    interface Entry {
        /**
         * It has said hello, so both sides have mapped the recorder: its file loses its name. Whatever is killed from now on,
         * the memory goes with the last process that maps it.
         */
        void taken();

        /** Makes the ticket worthless and ends the connection; what lies in shared memory and was not taken is gone. */
        void withdraw();

        /** Where its results lie that do not fit the ring; null if no memory is shared with it. */
        default @Nullable ResultArena results() {
            return null;
        }
    }

    /** How a start goes on. Every method is called on the loop. */
    interface Progress {
        /**
         * Files and ticket are there; the process can be let in from now on.
         *
         * @param recorder the coordinator's side of the mapped file; closed by the dispatcher
         * @param entry what is open for the process until it has come in, or will not come
         */
        void prepared(RecorderReader recorder, Entry entry);

        /** There is a process. */
        void launched(WorkerProcess process);

        /** The process was reaped. */
        void exited();

        /** No process was made, for there is too little memory for a standby; nothing else is told. */
        void noRoom();

        /** No process could be made. */
        void failed(Exception why);
    }
}
