// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.PipeHeard;
import io.multijvm.wire.pipe.PipePart;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a pipe where no memory is shared: the parts that its owner has accepted and nobody has taken yet, few at a
 * time. Owned by the event loop.
 */
final class PipeFlow {
    private static final int MOST_BYTES = 256 << 10;

    private final long pipe;
    /** Whether to the right end. */
    private final boolean toRight;

    private final Deque<PipePart> parts = new ArrayDeque<>();
    private int bytes;
    /** Who sends, and waits until there is room. */
    private @Nullable Waiter sender;

    private @Nullable PipePart offered;
    private @Nullable Waiter receiver;
    /** Why nothing more comes; null if it does. */
    private @Nullable String noSender;

    private @Nullable String noReceiver;

    PipeFlow(long pipe, boolean toRight) {
        this.pipe = pipe;
        this.toRight = toRight;
    }

    void offer(Waiter from, PipePart part) {
        String why = noReceiver;
        if (why != null) {
            tell(from, new PipeHeard.Ended(!toRight, why));
        } else if (sender != null) {
            tell(from, new Heard.Refused("one part of a message at a time"));
        } else if (!parts.isEmpty() && bytes + part.data().length > MOST_BYTES) {
            sender = from;
            offered = part;
        } else {
            accept(from, part);
        }
    }

    private void accept(Waiter from, PipePart part) {
        parts.add(part);
        bytes += part.data().length;
        tell(from, new Heard.Done());
        Waiter waits = receiver;
        if (waits != null) {
            receiver = null;
            take(waits);
        }
    }

    void take(Waiter by) {
        PipePart next = parts.poll();
        String why = noSender;
        if (next != null) {
            bytes -= next.data().length;
            tell(by, new PipeHeard.Part(toRight, next));
            acceptWaiting();
        } else if (why != null) {
            tell(by, new PipeHeard.Ended(toRight, why));
        } else {
            forgetReceiver();
            receiver = by;
        }
    }

    private void acceptWaiting() {
        Waiter waits = sender;
        PipePart part = offered;
        if (waits != null && part != null && (parts.isEmpty() || bytes + part.data().length <= MOST_BYTES)) {
            sender = null;
            offered = null;
            accept(waits, part);
        }
    }

    /** Nobody wants to wait for room any more under that ticket. */
    void leave(Waiter from) {
        if (from.equals(sender)) {
            sender = null;
            offered = null;
            tell(from, new Heard.Left());
        }
    }

    /** The end that receives is another's from now on: what its process asked for it gets no more. */
    void forgetReceiver() {
        Waiter waits = receiver;
        receiver = null;
        if (waits != null) {
            tell(waits, new Heard.Left());
        }
    }

    /** The end that sends is closed. What it waited with is not sent. */
    void endSender(String why) {
        if (sender != null) {
            leave(sender);
        }
        noSender = why;
        Waiter waits = receiver;
        if (waits != null && parts.isEmpty()) {
            receiver = null;
            tell(waits, new PipeHeard.Ended(toRight, why));
        }
    }

    /** The end that receives is closed. */
    void endReceiver(String why) {
        forgetReceiver();
        noReceiver = why;
        parts.clear();
        bytes = 0;
        Waiter waits = sender;
        if (waits != null) {
            sender = null;
            offered = null;
            tell(waits, new PipeHeard.Ended(!toRight, why));
        }
    }

    private void tell(Waiter waiter, Heard heard) {
        waiter.client().tell(pipe, waiter.ticket(), heard);
    }
}
