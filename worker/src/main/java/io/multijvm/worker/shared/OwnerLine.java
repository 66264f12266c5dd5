// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.arena.SharedSegment;
import io.multijvm.wire.mapped.QueueSegment;
import io.multijvm.wire.objects.CellPlace;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.objects.Said;
import io.multijvm.worker.pipe.Bells;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The way to one manager's owner, and what stands for its objects in this JVM: one {@link ObjectClient} each, however often
 * its handle arrives; used ones are kept until they are closed, for a thread may hold them. Thread-safe.
 */
public abstract class OwnerLine {
    private final long manager;
    private final String key;
    private final KeptOnceUsed<Long, ObjectClient> objects = new KeptOnceUsed<>();
    private final Map<Integer, SharedSegment> segments = new ConcurrentHashMap<>();
    private volatile @Nullable String gone;
    /** This process's waits for the owner's locks; made when the first lock is used. */
    private volatile @Nullable LockClient locks;

    /** Made when the first call is waited for. */
    private volatile @Nullable CallPipes callPipes;

    /** How its pipes' other processes wake this one; made when the first pipe is used that lies in memory. Guarded by this. */
    private @Nullable Bells bells;

    protected OwnerLine(long manager, String key) {
        this.manager = manager;
        this.key = key;
    }

    /**
     * This process's number at the manager, from 1. Waits until it was let in; an interrupt does not end the wait, and stays.
     *
     * @throws IllegalStateException if it is not let in, or the owner is gone
     */
    public abstract int client();

    /**
     * Says something of an object. Returns at once; what one thread says is heard in that order.
     *
     * @throws IllegalStateException if the owner is gone
     */
    public abstract void say(long object, long ticket, Said said);

    /**
     * Tells the owner that this process ends in good order and changes nothing any more, and waits a moment until it has heard
     * that. Does nothing if nothing was ever said.
     */
    public void leave() {}

    /** The way to an object that can be used without any message; null if there is none. */
    protected @Nullable DirectCalls direct(long object) {
        return null;
    }

    /** How the values of this manager's references are encoded here. */
    protected abstract ValueCodec codec();

    /** How long an element of its queues can be: as long as a segment of memory holds, also where none is shared. */
    int mostElementBytes() {
        return QueueSegment.MOST_ELEMENT_BYTES;
    }

    /** The manager's number. */
    public final long manager() {
        return manager;
    }

    /** The manager's key. Whoever has a handle of it has that; nobody else can say what is heard here. */
    final String key() {
        return key;
    }

    /** For implementations: it is going to be connected, and is not forgotten with its last object any more. */
    protected final void isUsed() {
        Owners.keep(this);
    }

    /** Whether it is the way to that address; where there is one way alone it is. */
    public boolean leadsTo(String address) {
        return true;
    }

    /** Why the owner hears nothing any more; null if it does. */
    public final @Nullable String goneBecause() {
        return gone;
    }

    /** A handle of one of its objects, with the address and the key by which other processes shall come from here. */
    protected SharedHandle seenFromHere(SharedHandle handle) {
        return handle;
    }

    /** Ends it, without harm to the objects. Does nothing where it cannot end. */
    public void disconnect(String why) {}

    /** What stands here for a handle's object. */
    public final ObjectClient client(SharedHandle handle) {
        return objects.find(handle.object(), there -> true, () -> Clients.make(seenFromHere(handle), this));
    }

    /** @param client this process's number */
    final LockClient locks(int client) {
        LockClient known = locks;
        if (known != null) {
            return known;
        }
        synchronized (this) {
            known = locks;
            if (known == null) {
                known = new LockClient(client, new LockWire(this));
                String why = gone;
                if (why != null) {
                    known.ownerGone(why);
                }
                locks = known;
            }
            return known;
        }
    }

    /** @param client this process's number */
    final synchronized Bells bells(SharedHandle pipe, int client) {
        String why = gone;
        if (why != null) {
            throw new IllegalStateException(why);
        }
        Bells known = bells;
        if (known == null) {
            known = new Bells(pipe.address(), manager, new ManagerKey(pipe.key()), client, new PipeBells(this));
            bells = known;
        }
        return known;
    }

    /** @param any of its handles */
    final CallPipes callPipes(SharedHandle any) {
        CallPipes known = callPipes;
        if (known != null) {
            return known;
        }
        synchronized (this) {
            known = callPipes;
            if (known == null) {
                known = new CallPipes(() -> ManagerClient.of(this, any).callPipe());
                callPipes = known;
            }
            return known;
        }
    }

    final @Nullable LockClient locksIfAny() {
        return locks;
    }

    final void closeForAll(long object) {
        ObjectClient there = known(object);
        if (there != null) {
            there.closeForAll();
        }
    }

    /**
     * What crosses in an object's place.
     *
     * @throws IllegalStateException if it is no more
     */
    final SharedHandle handleOf(long object) {
        ObjectClient there = known(object);
        if (there == null) {
            throw new IllegalStateException("shared object " + object + " was closed");
        }
        return there.handle();
    }

    final @Nullable ObjectClient known(long object) {
        return objects.known(object);
    }

    /**
     * It is about to be used: from now on it is kept, and hears what its owner says; unless it was closed just now, and another
     * that knows nothing of that stands in its place, which would wait for ever for what this one hears.
     */
    final void keep(ObjectClient client) {
        objects.keepIfNoOther(client.handle().object(), client);
        String why = gone;
        if (why != null) {
            client.closed(why);
        }
    }

    /** It is no more. */
    final void drop(ObjectClient client) {
        objects.remove(client.handle().object(), client);
    }

    /** For implementations: what the owner said. */
    protected final void heard(long object, long ticket, Heard heard) {
        ObjectClient client = known(object);
        LockClient waiting = locks;
        if (client != null) {
            client.hear(ticket, heard);
        } else if (heard instanceof Heard.Closed && waiting != null) {
            waiting.closed(object, ticket);
        }
    }

    /** For implementations: the owner is gone, or does not want us. Everybody who waits is told; the first word counts. */
    protected final void gone(String why) {
        if (isFirstWord(why)) {
            tellAll(why);
        }
    }

    /** The owner is gone: true if nobody has said so before. Then {@link #tellAll} follows. */
    protected final synchronized boolean isFirstWord(String why) {
        if (gone != null) {
            return false;
        }
        gone = why;
        return true;
    }

    /** Everybody who waits is told. */
    protected final void tellAll(String why) {
        Owners.forget(this);
        List<ObjectClient> all = objects.removeAll();
        segments.clear(); // unmapped by the collector, when nobody can touch them any more
        LockClient waiting = locks;
        if (waiting != null) {
            waiting.ownerGone(why);
        }
        for (ObjectClient client : all) {
            client.closed(why);
        }
        synchronized (this) {
            if (bells != null) {
                bells.close();
            }
        }
    }

    /**
     * The segment that a place is in, mapped at first use; valid as long as it is referred to.
     *
     * @throws IllegalStateException if it cannot be mapped
     */
    protected ByteBuffer map(CellPlace place) {
        return segments.computeIfAbsent(place.segment(), number -> {
                    try {
                        return SharedSegment.open(place.address(), place.segmentBytes(), true);
                    } catch (IOException e) {
                        throw new IllegalStateException(
                                "the memory of shared objects cannot be mapped: " + e.getMessage(), e);
                    }
                })
                .words();
    }
}
