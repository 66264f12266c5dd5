// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.wire.mapped.LockCell;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.LockHeard;
import io.multijvm.wire.objects.LockSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.worker.shared.LockWait;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A lock as one of a manager's objects: passes on what is said between its clients and {@link LockAtOwner}. */
final class OwnedLock implements OwnedObject {
    private final long id;
    private final LockAtOwner lock;

    /**
     * @param name for messages
     * @param mapped whether clients map its cell
     */
    OwnedLock(
            long id,
            String name,
            LockCell cell,
            boolean mapped,
            WaitGraph graph,
            IntFunction<@Nullable Client> clients) {
        this.id = id;
        this.lock = new LockAtOwner(id, name, cell, new Peers(id, mapped, clients), graph, System::nanoTime);
    }

    LockReport report() {
        return lock.report();
    }

    @Override
    public void said(Client from, long ticket, Said said) {
        int client = from.number();
        if (said instanceof LockSaid.Wait wait) {
            lock.waitFor(client, new LockWait(ticket, wait.inFront(), wait.ending(), wait.thread(), wait.holds()));
        } else if (said instanceof LockSaid.Blocked wait) {
            lock.blocked(client, new LockWait(ticket, false, wait.ending(), wait.thread(), wait.holds()));
        } else if (said instanceof LockSaid.TryFor wanted) {
            lock.tryFor(client, ticket, wanted.thread());
        } else if (said instanceof LockSaid.Released) {
            lock.released();
        } else if (said instanceof LockSaid.Got) {
            lock.got(client, ticket);
        } else if (said instanceof LockSaid.Unlock unlock) {
            lock.unlock(client, unlock.token());
        } else if (said instanceof LockSaid.Leave) {
            lock.leave(client, ticket);
        } else if (said instanceof LockSaid.Await await) {
            lock.await(client, await.condition(), ticket);
        } else if (said instanceof LockSaid.Signal signal) {
            lock.signal(signal.condition(), signal.all());
        } else if (said instanceof LockSaid.Describe) {
            lock.describe(client, ticket);
        } else {
            from.tell(id, ticket, new Heard.Refused("a lock is not asked for " + said));
        }
    }

    @Override
    public void gone(Client client) {
        boolean unused = lock.died(client.number());
    }

    @Override
    public void closed() {
        lock.close();
    }

    /** What the lock says, as words of the wire. */
    private record Peers(long id, boolean mapped, IntFunction<@Nullable Client> clients) implements LockPeers {
        private void tell(int client, long ticket, Heard heard) {
            Client to = clients.apply(client);
            if (to != null) {
                to.tell(id, ticket, heard);
            }
        }

        @Override
        public void woken(int client, long ticket, boolean handOff) {
            tell(client, ticket, new LockHeard.Woken(handOff));
        }

        @Override
        public void granted(int client, long ticket, long token, boolean previousOwnerDied) {
            tell(client, ticket, new LockHeard.Granted(token, previousOwnerDied));
        }

        @Override
        public void refused(int client, long ticket) {
            tell(client, ticket, new LockHeard.Busy());
        }

        @Override
        public void registered(int client, long ticket) {
            tell(client, ticket, new LockHeard.Registered());
        }

        @Override
        public void notified(int client, long ticket) {
            tell(client, ticket, new LockHeard.Notified());
        }

        @Override
        public void left(int client, long ticket) {
            tell(client, ticket, new LockHeard.Left());
        }

        @Override
        public void deadlock(int client, long ticket, String message) {
            tell(client, ticket, new LockHeard.Deadlock(message));
        }

        @Override
        public void closed(int client, long ticket) {
            tell(client, ticket, new LockHeard.Ended());
        }

        @Override
        public void described(int client, long ticket, LockReport report) {
            tell(client, ticket, new LockHeard.Described(report.held(), report.holder()));
        }

        @Override
        public String name(int client) {
            Client known = clients.apply(client);
            return known == null ? "a process that has ended" : known.toString();
        }

        @Override
        public long pid(int client) {
            Client known = clients.apply(client);
            return known == null ? 0 : known.process().pid();
        }

        @Override
        public boolean isRemote(int client) {
            return !mapped;
        }
    }
}
