// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.shared.PipeClosedException;

/** One message on its way out; its end is locked for sending meanwhile. Confined to the thread that sends it. */
final class Sending {
    private final PipeEndBase<?> end;
    private final Way way;
    private final boolean raw;
    private final byte[] from;
    private final int offset;
    private final int length;
    private boolean begun;
    private int sent;

    Sending(PipeEndBase<?> end, Way way, boolean raw, byte[] from, int offset, int length) {
        this.end = end;
        this.way = way;
        this.raw = raw;
        this.from = from;
        this.offset = offset;
        this.length = length;
    }

    void all() throws InterruptedException {
        try {
            while (!isDone()) {
                failIfOver();
                if (!step()) {
                    awaitStep();
                }
            }
        } catch (InterruptedException e) {
            if (!arrivesAllTheSame()) {
                throw e;
            }
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!arrivesAllTheSame()) {
                throw e;
            }
        }
    }

    private boolean isOut() {
        return begun && sent == length;
    }

    private boolean isDone() {
        return isOut() && way.settled();
    }

    private boolean arrivesAllTheSame() {
        return way.withdraw() && isOut();
    }

    private void failIfOver() {
        if (end.gate().isShut()) {
            throw end.whyShut();
        }
        String broken = way.broken();
        if (broken != null) {
            throw new PipeClosedException("nothing can be sent at " + end + " any more: " + broken);
        }
    }

    /** False if there is nothing to do but to wait. */
    private boolean step() {
        if (isOut()) {
            return way.settled();
        }
        int taken = way.offer(!begun, raw, length, from, offset + sent, length - sent);
        if (taken == Way.NO_ROOM) {
            return false;
        }
        begun = true;
        sent += taken;
        return true;
    }

    private void awaitStep() throws InterruptedException {
        try (PipeWaiters.Waiter me = end.waiters().add()) {
            if (way.isQuick()) {
                end.looksForRoom().until(() -> way.hasRoom(length - sent), Long.MAX_VALUE);
            }
            while (!step()) {
                me.reset();
                failIfOver();
                way.wantRoom(length - sent);
                if (step()) {
                    return;
                }
                me.await(Long.MAX_VALUE);
            }
        }
    }
}
