// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.messages;

import io.multijvm.wire.objects.BarrierSaid;
import io.multijvm.wire.objects.EventSaid;
import io.multijvm.wire.objects.LatchSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.objects.SemaphoreSaid;
import io.multijvm.wire.v1.Nothing;
import io.multijvm.wire.v1.ObjectCall;
import org.jspecify.annotations.Nullable;

/** What is said of events, semaphores, latches and barriers, as messages, and back. */
final class SyncMessages {
    private static final Nothing NOTHING = Nothing.getDefaultInstance();

    private SyncMessages() {}

    static void put(ObjectCall.Builder call, Said said) {
        if (said instanceof EventSaid event) {
            call.setEvent(message(event));
        } else if (said instanceof SemaphoreSaid semaphore) {
            call.setSemaphore(message(semaphore));
        } else if (said instanceof LatchSaid latch) {
            call.setLatch(message(latch));
        } else if (said instanceof BarrierSaid barrier) {
            call.setBarrier(message(barrier));
        } else {
            throw new IllegalArgumentException("no message for " + said);
        }
    }

    private static io.multijvm.wire.v1.EventSaid message(EventSaid said) {
        io.multijvm.wire.v1.EventSaid.Builder message = io.multijvm.wire.v1.EventSaid.newBuilder();
        if (said instanceof EventSaid.Set) {
            message.setSet(NOTHING);
        } else if (said instanceof EventSaid.Clear) {
            message.setClear(NOTHING);
        } else if (said instanceof EventSaid.Wait) {
            message.setWait(NOTHING);
        } else if (said instanceof EventSaid.Leave leave) {
            message.setLeave(leave.ticket());
        } else {
            message.setAsk(NOTHING);
        }
        return message.build();
    }

    static @Nullable Said said(io.multijvm.wire.v1.EventSaid message) {
        return switch (message.getKindCase()) {
            case SET -> new EventSaid.Set();
            case CLEAR -> new EventSaid.Clear();
            case WAIT -> new EventSaid.Wait();
            case LEAVE -> new EventSaid.Leave(message.getLeave());
            case ASK -> new EventSaid.Ask();
            case KIND_NOT_SET -> null;
        };
    }

    private static io.multijvm.wire.v1.SemaphoreSaid message(SemaphoreSaid said) {
        io.multijvm.wire.v1.SemaphoreSaid.Builder message = io.multijvm.wire.v1.SemaphoreSaid.newBuilder();
        if (said instanceof SemaphoreSaid.Acquire acquire) {
            message.setAcquire(acquire.permits());
        } else if (said instanceof SemaphoreSaid.TryAcquire acquire) {
            message.setTryAcquire(acquire.permits());
        } else if (said instanceof SemaphoreSaid.Release release) {
            message.setRelease(release.permits());
        } else if (said instanceof SemaphoreSaid.Leave leave) {
            message.setLeave(leave.ticket());
        } else {
            message.setAsk(NOTHING);
        }
        return message.build();
    }

    static @Nullable Said said(io.multijvm.wire.v1.SemaphoreSaid message) {
        return switch (message.getKindCase()) {
            case ACQUIRE -> new SemaphoreSaid.Acquire(message.getAcquire());
            case TRY_ACQUIRE -> new SemaphoreSaid.TryAcquire(message.getTryAcquire());
            case RELEASE -> new SemaphoreSaid.Release(message.getRelease());
            case LEAVE -> new SemaphoreSaid.Leave(message.getLeave());
            case ASK -> new SemaphoreSaid.Ask();
            case KIND_NOT_SET -> null;
        };
    }

    private static io.multijvm.wire.v1.LatchSaid message(LatchSaid said) {
        io.multijvm.wire.v1.LatchSaid.Builder message = io.multijvm.wire.v1.LatchSaid.newBuilder();
        if (said instanceof LatchSaid.CountDown down) {
            message.setCountDown(down.by());
        } else if (said instanceof LatchSaid.Wait) {
            message.setWait(NOTHING);
        } else if (said instanceof LatchSaid.Leave leave) {
            message.setLeave(leave.ticket());
        } else {
            message.setAsk(NOTHING);
        }
        return message.build();
    }

    static @Nullable Said said(io.multijvm.wire.v1.LatchSaid message) {
        return switch (message.getKindCase()) {
            case COUNT_DOWN -> new LatchSaid.CountDown(message.getCountDown());
            case WAIT -> new LatchSaid.Wait();
            case LEAVE -> new LatchSaid.Leave(message.getLeave());
            case ASK -> new LatchSaid.Ask();
            case KIND_NOT_SET -> null;
        };
    }

    private static io.multijvm.wire.v1.BarrierSaid message(BarrierSaid said) {
        io.multijvm.wire.v1.BarrierSaid.Builder message = io.multijvm.wire.v1.BarrierSaid.newBuilder();
        if (said instanceof BarrierSaid.Arrive) {
            message.setArrive(NOTHING);
        } else if (said instanceof BarrierSaid.Leave leave) {
            message.setLeave(leave.ticket());
        } else if (said instanceof BarrierSaid.Reset) {
            message.setReset(NOTHING);
        } else if (said instanceof BarrierSaid.Abort) {
            message.setAbort(NOTHING);
        } else {
            message.setAsk(NOTHING);
        }
        return message.build();
    }

    static @Nullable Said said(io.multijvm.wire.v1.BarrierSaid message) {
        return switch (message.getKindCase()) {
            case ARRIVE -> new BarrierSaid.Arrive();
            case LEAVE -> new BarrierSaid.Leave(message.getLeave());
            case RESET -> new BarrierSaid.Reset();
            case ABORT -> new BarrierSaid.Abort();
            case ASK -> new BarrierSaid.Ask();
            case KIND_NOT_SET -> null;
        };
    }
}
