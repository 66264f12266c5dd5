// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.objects.ManagerSaid;
import io.multijvm.wire.objects.Said;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One manager: its objects and its clients. Owned by the event loop, but for the key and the numbers.
 *
 * <p>What a client leaves behind is taken back only when it can certainly change nothing any more: when its process has ended,
 * see {@link Funeral}, or with its stream if that was its only way.
 */
public final class ManagerHome {
    private static final System.Logger LOG = System.getLogger(ManagerHome.class.getName());
    /** What 16 bits of a lock's word can name. */
    private static final int MOST_CLIENTS = 0xffff;

    private final long number;
    private final ManagerKey key;
    private final Funeral funeral;
    private final Map<Long, Entry> objects = new HashMap<>();
    /** Closed, but not yet let go by all who opened them: by their ids. */
    private final Map<Long, Entry> closing = new HashMap<>();

    private final LocksOfObjects locks;
    private final Map<Integer, Client> clients = new HashMap<>();
    private IntConsumer whenGone = client -> {};
    /** Set once, on the loop, before anything is heard. */
    private @Nullable Requests requests;

    private int lastClient = Client.OWNER;
    private boolean closed;

    /**
     * @param support for what reads {@code /proc}
     * @param maker of the locks that belong to objects
     */
    ManagerHome(EventLoop loop, Executor support, long number, ManagerKey key, LocksOfObjects.Maker maker) {
        this.number = number;
        this.key = key;
        this.funeral = new Funeral(loop, support, this::gone);
        this.locks = new LocksOfObjects(maker, lock -> end(lock, "what it belonged to was closed"));
    }

    /** Before the first client: told the number of each that has certainly ended. */
    void whenGone(IntConsumer told) {
        whenGone = told;
    }

    /** An object, and who is to hear of its end. */
    private static final class Entry {
        final OwnedObject object;
        final Heard.Opened opened;
        final LeftBy.Memory memory;
        final Set<Client> openedBy = new HashSet<>();

        Entry(OwnedObject object, Heard.Opened opened, LeftBy.Memory memory) {
            this.object = object;
            this.opened = opened;
            this.memory = memory;
        }
    }

    /** Unlike that of any other manager of any JVM. From any thread. */
    public long number() {
        return number;
    }

    /** What clients must know. From any thread. */
    public ManagerKey key() {
        return key;
    }

    /**
     * Another object.
     *
     * @param memory told once, when it is closed and who had opened it touches it no more
     */
    void add(long id, OwnedObject object, Heard.Opened opened, LeftBy.Memory memory) {
        if (closed) {
            object.closed();
            memory.left(LeftBy.NOBODY);
            return;
        }
        objects.put(id, new Entry(object, opened, memory));
    }

    /** What is asked of the manager itself goes there. */
    void ask(Requests desk) {
        requests = desk;
    }

    /** The owner's own process. */
    Client connectOwner(Client.Ear ear) {
        Client own = new Client(Client.OWNER, ProcessStamp.ofThisProcess(), "its own program", ear);
        clients.put(own.number(), own);
        return own;
    }

    /** As {@link #connect(ProcessStamp, String, boolean, Client.Ear)}, of a process that may share memory. */
    public @Nullable Client connect(ProcessStamp process, String name, Client.Ear ear) {
        return connect(process, name, false, ear);
    }

    /**
     * A process that has shown that it knows the key. Null if the manager is closed, or has as many clients as it can have.
     *
     * @param name as messages say it
     * @param afar whether it does everything by messages, perhaps from another machine
     */
    public @Nullable Client connect(ProcessStamp process, String name, boolean afar, Client.Ear ear) {
        if (closed || clients.size() == MOST_CLIENTS - 1) {
            return null;
        }
        do { // a number is not given again at once, so that late readers of a word are not misled
            lastClient = lastClient == MOST_CLIENTS ? Client.OWNER + 1 : lastClient + 1;
        } while (clients.containsKey(lastClient));
        Client client = new Client(lastClient, process, name, afar, ear);
        clients.put(client.number(), client);
        return client;
    }

    /** A client said something of an object. */
    public void said(Client from, long id, long ticket, Said said) {
        if (from.state() != Client.State.USING) {
            return;
        }
        if (said instanceof Said.Goodbye) {
            from.leavesInOrder();
            from.tell(id, ticket, new Heard.Done());
            return;
        }
        if (said instanceof Said.LetGo) {
            letGo(id, from);
            return;
        }
        if (said instanceof ManagerSaid asked) {
            if (requests != null) {
                requests.said(from, ticket, asked, objects::containsKey);
            }
            return;
        }
        Entry entry = objects.get(id);
        if (entry == null) {
            from.tell(id, ticket, new Heard.Closed(closedText(id)));
            return;
        }
        if (said instanceof Said.Open) {
            entry.openedBy.add(from);
            from.tell(id, ticket, entry.opened);
        } else if (said instanceof Said.Close) {
            entry.openedBy.add(from); // it too waits to hear of the end
            end(id, from + " closed it");
        } else if (said instanceof Said.ItsLock) {
            locks.ask(id, entry.object.what(), new Waiter(from, ticket));
        } else {
            entry.object.said(from, ticket, said);
        }
    }

    private static String closedText(long id) {
        return "shared object " + id + " was closed, or was never made by this manager";
    }

    /** An object has come to its end. */
    void endByItself(long id, String why) {
        end(id, why);
    }

    private void end(long id, String why) {
        Entry entry = objects.remove(id);
        if (entry == null) {
            return;
        }
        entry.object.closed();
        if (requests != null) {
            requests.closed(id);
        }
        locks.closed(id).ifPresent(lock -> end(lock, why));
        Heard.Closed end = new Heard.Closed("shared object " + id + " cannot be used any more: " + why);
        if (entry.openedBy.isEmpty()) {
            entry.memory.left(LeftBy.NOBODY);
        } else {
            closing.put(id, entry);
            entry.openedBy.forEach(client -> client.tell(id, 0, end));
        }
    }

    /** A client touches a closed object no more. */
    private void letGo(long id, Client client) {
        Entry entry = closing.get(id);
        if (entry != null && entry.openedBy.remove(client) && entry.openedBy.isEmpty()) {
            closing.remove(id);
            entry.memory.left(LeftBy.ALL);
        }
    }

    /** A client's stream ended. */
    public void lost(Client client) {
        if (client.state() == Client.State.USING && !closed) {
            client.become(Client.State.LOST);
            if (client.isAfar()) {
                gone(client); // nothing that it says is heard any more, and it has no other way to change anything
            } else {
                funeral.of(client);
            }
        }
    }

    private void gone(Client client) {
        if (client.state() != Client.State.LOST || closed) {
            return;
        }
        client.become(Client.State.GONE);
        for (Entry entry : List.copyOf(objects.values())) {
            entry.openedBy.remove(client);
            try {
                entry.object.gone(client);
            } catch (RuntimeException | Error e) { // the others must hear of it all the same
                LOG.log(Level.ERROR, "a shared object failed on the death of " + client, e);
            }
        }
        List.copyOf(closing.keySet()).forEach(id -> letGo(id, client));
        whenGone.accept(client.number());
        clients.remove(client.number()); // its number may mean another from now on
    }

    /** Everything ends: all clients are told. */
    public void close(String why) {
        if (closed) {
            return;
        }
        closed = true;
        for (Long id : new ArrayList<>(objects.keySet())) {
            end(id, why);
        }
        // who is left has its word still to say, and is not heard any more; a thread of our own may be at work there
        // too
        closing.values().forEach(entry -> entry.memory.left(LeftBy.SOME_USE_IT));
        closing.clear();
        for (Client client : List.copyOf(clients.values())) {
            client.end(why);
            client.become(Client.State.GONE);
        }
        clients.clear();
    }

    /** The client of that number, if it has not gone. */
    @Nullable
    Client client(int client) {
        return clients.get(client);
    }

    /** The objects of one class, in the order in which they were made. */
    <T extends OwnedObject> List<T> all(Class<T> type) {
        return objects.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue().object)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** How many objects there are. */
    int size() {
        return objects.size();
    }
}
