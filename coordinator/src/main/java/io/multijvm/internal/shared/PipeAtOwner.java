// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.PipeHeard;
import io.multijvm.wire.objects.PipeSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.pipe.PipeMemory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A pipe: who has which end, and, where no memory is shared, what is on its way. Where memory is shared its owner sees nothing
 * of what passes. Owned by the event loop.
 *
 * <p>What the holder of an end said before it gave that up, closed it or ended has been heard by then: its words come in their
 * order, and its end is certain only after them.
 */
final class PipeAtOwner implements OwnedObject, PipeEndAtOwner.Holding {
    private final long id;
    private final @Nullable Memory memory;
    private final Consumer<String> end;
    private final PipeEndAtOwner left;
    private final PipeEndAtOwner right;
    private final PipeFlow toLeft;
    private final PipeFlow toRight;

    /** Where it lies. */
    record Memory(WideFile file, PipeMemory words) {}

    /**
     * @param memory null where none is shared
     * @param end the pipe is to end, for both ends are closed
     */
    PipeAtOwner(long id, @Nullable Memory memory, Consumer<String> end) {
        this.id = id;
        this.memory = memory;
        this.end = end;
        this.left = new PipeEndAtOwner(id, false, this);
        this.right = new PipeEndAtOwner(id, true, this);
        this.toLeft = new PipeFlow(id, false);
        this.toRight = new PipeFlow(id, true);
    }

    private PipeEndAtOwner end(boolean isRight) {
        return isRight ? right : left;
    }

    private PipeFlow flowTo(boolean isRight) {
        return isRight ? toRight : toLeft;
    }

    @Override
    public void said(Client from, long ticket, Said said) {
        if (!(said instanceof PipeSaid pipe)) {
            from.tell(id, ticket, new Heard.Refused("a pipe is not asked for " + said));
            return;
        }
        Waiter by = new Waiter(from, ticket);
        PipeEndAtOwner at = end(pipe.right());
        if (pipe instanceof PipeSaid.Claim) {
            at.claim(by);
        } else if (pipe instanceof PipeSaid.Keep keep) {
            at.keep(from, keep.part());
        } else if (pipe instanceof PipeSaid.GiveUp) {
            at.givenUp(from);
        } else if (pipe instanceof PipeSaid.Kept kept) {
            from.tell(id, ticket, at.kept(from, kept.number()));
        } else if (pipe instanceof PipeSaid.Close close) {
            at.close(by, close.sentOn());
        } else if (pipe instanceof PipeSaid.Ring) {
            ring(!pipe.right());
        } else if (pipe instanceof PipeSaid.Leave leave) {
            leave(at, new Waiter(from, leave.ticket()), leave.right());
        } else {
            passes(at, by, pipe);
        }
    }

    private void leave(PipeEndAtOwner at, Waiter waits, boolean isRight) {
        if (!at.leave(waits)) {
            flowTo(!isRight).leave(waits);
        }
    }

    private void passes(PipeEndAtOwner at, Waiter by, PipeSaid said) {
        if (memory != null || !at.isHeldBy(by.client())) {
            by.client().tell(id, by.ticket(), new Heard.Refused("this end is not to be used by this process"));
        } else if (said instanceof PipeSaid.Part part) {
            flowTo(!said.right()).offer(by, part.part());
        } else if (at.moves()) { // it says that it has given it up before it hears of what we would give it
            by.client().tell(id, by.ticket(), new Heard.Left());
        } else if (said instanceof PipeSaid.Take) {
            flowTo(said.right()).take(by);
        }
    }

    private void ring(boolean isRight) {
        Client holder = end(isRight).holder();
        if (holder != null) {
            holder.tell(id, 0, new PipeHeard.Ring(isRight));
        }
    }

    @Override
    public void held(boolean isRight, int client) {
        if (memory != null) {
            memory.words().setHolder(isRight, client);
        }
    }

    @Override
    public void moves(boolean isRight) {
        flowTo(isRight).forgetReceiver();
    }

    /** Who had it may end before its last rings are out, and nobody rings for the same again: the other side looks now. */
    @Override
    public void givenUp(boolean isRight) {
        if (memory != null) {
            ring(!isRight);
        }
    }

    @Override
    public PipeHeard.Yours yours(boolean isRight, int kept) {
        String address = memory == null ? "" : memory.file().address();
        String ended = end(!isRight).closedBecause();
        return new PipeHeard.Yours(
                isRight,
                address,
                memory == null ? PipeMemory.RING_BYTES : memory.words().ringBytes(),
                kept,
                ended);
    }

    @Override
    public void closed(boolean isRight, String why) {
        flowTo(!isRight).endSender(why);
        flowTo(isRight).endReceiver(why);
        PipeEndAtOwner other = end(!isRight);
        Client holder = other.holder();
        if (holder != null) {
            holder.tell(id, 0, new PipeHeard.Ended(!isRight, why));
        } else if (!other.closedBecause().isEmpty()) {
            end.accept("both its ends are closed: " + why);
        }
    }

    @Override
    public void gone(Client client) {
        left.gone(client);
        right.gone(client);
    }
}
