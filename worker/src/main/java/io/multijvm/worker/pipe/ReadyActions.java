// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.shared.Waitable;

/** What is to be done when an end is ready. Thread-safe. */
final class ReadyActions {
    /** How long an end is waited for, again and again, as long as there are actions for it. */
    private static final long AT_A_TIME_NANOS = 1_000_000_000;

    private final PipeEndBase<?> end;

    ReadyActions(PipeEndBase<?> end) {
        this.end = end;
    }

    /** Does not wait. */
    Waitable.Registration add(Runnable action) {
        PipeWaiters waiters = end.waiters();
        Waitable.Registration registration = waiters.add(action);
        if (!looked(0)) { // the end is elsewhere, and its process may take a while to give it up
            waiters.lookAside();
        }
        return registration;
    }

    /** Runs the actions if the end is ready, or can only throw any more; else has it woken when that may be so. May wait. */
    void look() {
        while (end.waiters().hasActions() && !looked(AT_A_TIME_NANOS)) {
            // nobody is told when the last action is taken back
        }
    }

    /** False if the end could not be had within that time, so that there was nothing to look at. */
    private boolean looked(long nanos) {
        Way way;
        try {
            way = end.enter(nanos);
        } catch (IllegalStateException | OutOfMemoryError e) { // who registered looks for itself, and is told
            end.waiters().runActions();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end.waiters().runActions(); // who registered has to look anyway
            return true;
        }
        if (way == null) {
            return false;
        }
        boolean over;
        try {
            over = end.readyOrWanted(way);
        } catch (IllegalStateException | OutOfMemoryError e) { // a receive would throw it too
            over = true;
        } finally {
            end.gate().leave();
        }
        if (over) {
            end.waiters().runActions();
        }
        return true;
    }
}
