// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.wire.mapped.ResultKind;
import java.util.List;

/** What workers say. Each names the incarnation that says it. */
sealed interface WorkerEvent extends DispatchEvent {

    record Connected(Slot slot, int incarnation, WorkerPort port, long pid, long maxHeapBytes) implements WorkerEvent {
        @Override
        public void to(Switch to) {
            to.workers().connected(this);
        }
    }

    record Refused(Slot slot, int incarnation, String why) implements WorkerEvent {
        @Override
        public void to(Switch to) {
            to.workers().refused(this);
        }
    }

    record Doorbell(Slot slot, int incarnation) implements WorkerEvent {
        @Override
        public void to(Switch to) {
            to.workers().doorbell(this);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are handed on
    record Large(
            Slot slot, int incarnation, long chunkId, int position, ResultKind kind, long elapsedNanos, byte[] bytes)
            implements WorkerEvent {
        @Override
        public void to(Switch to) {
            to.workers().large(this);
        }
    }

    record GivenBack(Slot slot, int incarnation, long chunkId, int end) implements WorkerEvent {
        @Override
        public void to(Switch to) {
            to.workers().givenBack(this);
        }
    }

    record Nested(Slot slot, int incarnation, NestedSaid said) implements WorkerEvent {
        @Override
        public void to(Switch to) {
            to.workers().nested(this);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are handed on
    record Initialised(Slot slot, int incarnation, byte[] failure) implements WorkerEvent {
        @Override
        public void to(Switch to) {
            to.workers().initialised(this);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared; the bytes are handed on
    record ExitEnded(Slot slot, int incarnation, byte[] failure) implements WorkerEvent {
        @Override
        public void to(Switch to) {
            to.workers().exitEnded(this);
        }
    }

    record Wanted(Slot slot, int incarnation, long home, long id) implements WorkerEvent {
        @Override
        public void to(Switch to) {
            to.workers().wanted(this);
        }
    }

    /** A task says how far its item is; with an index of its own where that is of one of the item's own calls. */
    record Progressed(
            Slot slot, int incarnation, long chunkId, int position, long nestedIndex, double fraction, String text)
            implements WorkerEvent {
        @Override
        public void to(Switch to) {
            to.workers().progressed(this);
        }
    }

    /** What was logged there; {@code taken} asks for more. */
    record Logged(Slot slot, int incarnation, List<WorkerListener.LogLine> lines, long dropped, Runnable taken)
            implements WorkerEvent {
        @Override
        public void to(Switch to) {
            to.workers().logged(this);
        }
    }

    /** The part of the switch over these. */
    interface Handlers {
        void connected(Connected e);

        void refused(Refused e);

        void doorbell(Doorbell e);

        void large(Large e);

        void givenBack(GivenBack e);

        void nested(Nested e);

        void initialised(Initialised e);

        void exitEnded(ExitEnded e);

        void wanted(Wanted e);

        void progressed(Progressed e);

        void logged(Logged e);
    }
}
