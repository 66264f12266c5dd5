// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.wire.mapped.RecorderReader;

/** What becomes of processes and of their streams. Each but the last three names the incarnation that it is about. */
sealed interface ProcessEvent extends DispatchEvent {

    record Prepared(Slot slot, int incarnation, RecorderReader recorder, WorkerStarter.Entry entry)
            implements ProcessEvent {
        @Override
        public void to(Switch to) {
            to.processes().prepared(this);
        }
    }

    record Launched(Slot slot, int incarnation, WorkerProcess process) implements ProcessEvent {
        @Override
        public void to(Switch to) {
            to.processes().launched(this);
        }
    }

    record Exited(Slot slot, int incarnation) implements ProcessEvent {
        @Override
        public void to(Switch to) {
            to.processes().exited(this);
        }
    }

    record NotLaunched(Slot slot, int incarnation, String why) implements ProcessEvent {
        @Override
        public void to(Switch to) {
            to.processes().notLaunched(this);
        }
    }

    record NoRoom(Slot slot, int incarnation) implements ProcessEvent {
        @Override
        public void to(Switch to) {
            to.processes().noRoom(this);
        }
    }

    record Disconnected(Slot slot, int incarnation, String why) implements ProcessEvent {
        @Override
        public void to(Switch to) {
            to.processes().disconnected(this);
        }
    }

    record Diagnosed(Casualty casualty, WorkerProcess.Death death) implements ProcessEvent {
        @Override
        public void to(Switch to) {
            to.processes().diagnosed(this);
        }
    }

    /** An item that is not begun again was kept, if it could be. */
    record GivenUp(Casualty casualty, WorkerProcess.Death death) implements ProcessEvent {
        @Override
        public void to(Switch to) {
            to.processes().givenUp(this);
        }
    }

    /** An item that ran out of heap would be begun again, but a worker with more heap cannot be had, for this reason. */
    record Starved(Casualty casualty, String why) implements ProcessEvent {
        @Override
        public void to(Switch to) {
            to.processes().starved(this);
        }
    }

    /** The part of the switch over these. */
    interface Handlers {
        void prepared(Prepared e);

        void launched(Launched e);

        void exited(Exited e);

        void notLaunched(NotLaunched e);

        void noRoom(NoRoom e);

        void disconnected(Disconnected e);

        void diagnosed(Diagnosed e);

        void givenUp(GivenUp e);

        void starved(Starved e);
    }
}
