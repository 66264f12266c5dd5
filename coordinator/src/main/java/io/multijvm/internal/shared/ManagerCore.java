// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.arena.WideMaker;
import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.internal.shared.CellStore.Cell;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.mapped.ElementType;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.worker.shared.FaceMethods;
import io.multijvm.worker.shared.ManagerClient;
import io.multijvm.worker.shared.ObjectClient;
import io.multijvm.worker.shared.OwnerLine;
import io.multijvm.worker.shared.Owners;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A manager as a whole: its home on the loop, the memory of its objects, and its own program's line. Thread-safe. */
public final class ManagerCore implements Maker {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final EventLoop loop;
    private final String address;
    private final ManagerHome home;
    private final CellStore cells;
    private final OwnerLine line;
    private final BlockMaker blocks;
    private final QueueMaker queues;
    private final OwnersCodec codec;
    private final CollectionMaker collections;
    private final PipeMaker pipes;
    private final LockMaker locks;
    private final ManagerClient names;

    private final AtomicLong lastObject = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param support for what reads files
     * @param address where clients find the hub
     * @param memory null where none is shared
     * @param user the class that started the manager; what comes from where it came may be decoded here
     */
    public ManagerCore(EventLoop loop, Executor support, String address, @Nullable WideMaker memory, Class<?> user) {
        this(loop, support, new Place(address, ManagerKey.random(), memory), new OwnersCodec(user));
    }

    /**
     * One that programs reach which this one has not started. It shares no memory, so that whoever loses its stream can change
     * nothing any more.
     *
     * @param address where clients find it
     * @param packages whose classes may be decoded here as well
     */
    public ManagerCore(
            EventLoop loop, Executor support, String address, ManagerKey key, Class<?> user, List<String> packages) {
        this(loop, support, new Place(address, key, null), new OwnersCodec(user, packages));
    }

    /** How its objects are reached. */
    private record Place(
            String address, ManagerKey key, @Nullable WideMaker memory) {}

    private ManagerCore(EventLoop loop, Executor support, Place place, OwnersCodec codec) {
        this.loop = loop;
        this.codec = codec;
        this.collections = new CollectionMaker(loop, codec);
        this.address = place.address();
        WideMaker memory = place.memory();
        this.cells = new CellStore(memory);
        this.locks = new LockMaker(loop, support, cells, lastObject::incrementAndGet);
        this.home = new ManagerHome(loop, support, RANDOM.nextLong() & Long.MAX_VALUE, place.key(), locks::ofObject);
        locks.home(home);
        this.blocks = new BlockMaker(cells, memory, support, this::add);
        this.queues = new QueueMaker(loop, cells, memory, support, this::add);
        this.pipes = new PipeMaker(
                cells, memory, support, PipeMaker.bellsOf(address, home.number()), home::endByItself, this::add);
        PipedCallers callers = new PipedCallers(loop, pipes, collections);
        home.whenGone(client -> {
            pipes.unhang(client);
            callers.gone(client);
        });
        this.line = new LocalLine(address, loop, home, cells, codec.values(), collections::direct);
        Requests requests = new Requests(loop, support, this, callers, (why, object) -> home.endByItself(object, why));
        loop.execute(() -> home.ask(requests));
        Owners.add(line);
        this.names = ManagerClient.of(line, handle(ManagerClient.ITSELF, "MANAGER", null));
    }

    /** For the hub, which brings its clients. */
    public ManagerHome home() {
        return home;
    }

    @Override
    public ObjectClient event() {
        return inCell(ObjectKind.EVENT, EventAtOwner::new);
    }

    @Override
    public ObjectClient lock(boolean reentrant) {
        return client(reentrant ? ObjectKind.REENTRANT_LOCK : ObjectKind.LOCK, locks.make());
    }

    @Override
    public List<LockReport> locks() {
        return locks.all();
    }

    @Override
    public ObjectClient semaphore(int permits) {
        Numbers.atLeast(0, permits, "permits");
        return inCell(ObjectKind.SEMAPHORE, (id, cell) -> new SemaphoreAtOwner(id, cell, permits, Integer.MAX_VALUE));
    }

    @Override
    public ObjectClient boundedSemaphore(int permits) {
        Numbers.atLeast(0, permits, "permits");
        return inCell(ObjectKind.BOUNDED_SEMAPHORE, (id, cell) -> new SemaphoreAtOwner(id, cell, permits, permits));
    }

    @Override
    public ObjectClient latch(long count) {
        Numbers.atLeast(0, count, "count");
        return inCell(ObjectKind.LATCH, (id, cell) -> new LatchAtOwner(id, cell, count));
    }

    @Override
    public ObjectClient barrier(int parties, @Nullable Runnable action) {
        Numbers.atLeast(1, parties, "parties");
        BarrierAtOwner.Aside aside = action == null
                ? null
                : ended -> aside(ended, () -> {
                    Throwable failure = null;
                    try {
                        action.run();
                    } catch (Throwable e) { // whatever it is, the parties are to hear of it
                        failure = e;
                    }
                    Throwable how = failure;
                    loop.executeIfUp(() -> ended.with(how));
                });
        return inCell(ObjectKind.BARRIER, (id, cell) -> new BarrierAtOwner(id, parties, aside));
    }

    /** User code gets a thread of its own: deaths and new memory must not wait behind it. */
    private static void aside(BarrierAtOwner.Aside.Ended ended, Runnable work) {
        Thread thread = new Thread(work, "multijvm-barrier-action");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // the system gives no more threads
            ended.with(e);
        }
    }

    @Override
    public Object value(ObjectKind kind, ElementType type, long bits) {
        return inCell(kind, (id, cell) -> new ValueAtOwner(id, cell, type, bits))
                .face();
    }

    @Override
    public Object reference(@Nullable Object value) {
        byte[] bytes = codec.values().encode(value);
        if (value != null) {
            codec.trust(value);
        }
        return inCell(ObjectKind.REFERENCE, (id, cell) -> new ReferenceAtOwner(id, cell, bytes))
                .face();
    }

    @Override
    public Object collection(ObjectKind kind) {
        long id = lastObject.incrementAndGet();
        return added(id, collections.make(kind, id), kind, null);
    }

    @Override
    public Object own(FaceMethods methods, Supplier<?> maker) {
        Object object = maker.get();
        long id = lastObject.incrementAndGet();
        Runnable ended = () -> loop.executeIfUp(() -> home.endByItself(id, "it was closed"));
        return added(id, collections.make(id, methods, object, ended), ObjectKind.OWN, methods.face());
    }

    private Object added(long id, CollectionAtOwner made, ObjectKind kind, @Nullable Class<?> face) {
        try {
            loop.executeAndWait(() -> home.add(id, made, new Heard.Opened(null, 1), how -> collections.closed(id)));
        } catch (RejectedExecutionException e) {
            collections.closed(id);
            throw closed(e);
        }
        return client(kind, id, face).face();
    }

    @Override
    public boolean free(SharedHandle handle) {
        if (handle.manager() != home.number()) {
            return false;
        }
        line.client(handle).closeForAll();
        return true;
    }

    @Override
    public Object array(ObjectKind kind, ElementType type, long length) {
        return blocks.array(kind, type, length);
    }

    @Override
    public Object memory(String name, long bytes) {
        return blocks.memory(name, bytes);
    }

    @Override
    public Object queue(long capacity) {
        return queues.queue(capacity);
    }

    @Override
    public Object pipe(boolean bothWays) {
        return pipes.pipe(bothWays).face();
    }

    @Override
    public ManagerClient names() {
        return names;
    }

    private ObjectClient inCell(ObjectKind kind, BiFunction<Long, Cell, OwnedObject> make) {
        Cell cell = cells.take(CellStore.CELL_BYTES);
        return add(kind, cell, make, how -> cells.give(cell, how));
    }

    private ObjectClient add(
            ObjectKind kind, Cell cell, BiFunction<Long, Cell, OwnedObject> make, LeftBy.Memory memory) {
        long id = lastObject.incrementAndGet();
        OwnedObject object = make.apply(id, cell);
        Heard.Opened opened = new Heard.Opened(cell.place(), cell.generation());
        try {
            // who gets its handle by mapped memory may ask for it before the loop looks at what it is to do
            loop.executeAndWait(() -> home.add(id, object, opened, memory));
        } catch (RejectedExecutionException e) {
            object.closed();
            memory.left(LeftBy.NOBODY);
            throw closed(e);
        }
        return client(kind, id);
    }

    private ObjectClient client(ObjectKind kind, long id) {
        return client(kind, id, null);
    }

    private ObjectClient client(ObjectKind kind, long id, @Nullable Class<?> face) {
        return line.client(handle(id, kind.name(), face));
    }

    private SharedHandle handle(long id, String kind, @Nullable Class<?> face) {
        return new SharedHandle(address, home.number(), home.key().secret(), id, kind, face);
    }

    static IllegalStateException closed(RejectedExecutionException why) {
        return new IllegalStateException(
                "the manager is closed; make the object before close(), or start another", why);
    }

    /**
     * Ends everything. Returns when all clients have been told, as far as they listen.
     *
     * @return false if it was closed before
     */
    public boolean close(String why) {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        CountDownLatch done = new CountDownLatch(1);
        try {
            loop.execute(() -> {
                try {
                    home.close(why);
                } finally {
                    done.countDown();
                }
            });
            boolean interrupted = false;
            while (done.getCount() > 0) {
                try {
                    done.await();
                } catch (InterruptedException e) {
                    interrupted = true; // the loop is never long
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        } catch (RejectedExecutionException e) {
            // the hub has stopped, and nobody listens
        }
        collections.close();
        cells.close();
        return true;
    }
}
