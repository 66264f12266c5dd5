// SPDX-License-Identifier: Apache-2.0
package io.multijvm;

import io.multijvm.internal.shared.Maker;
import io.multijvm.shared.SharedBarrier;
import io.multijvm.shared.SharedBoolean;
import io.multijvm.shared.SharedByte;
import io.multijvm.shared.SharedByteArray;
import io.multijvm.shared.SharedDouble;
import io.multijvm.shared.SharedDoubleArray;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedInt;
import io.multijvm.shared.SharedIntArray;
import io.multijvm.shared.SharedLatch;
import io.multijvm.shared.SharedList;
import io.multijvm.shared.SharedLock;
import io.multijvm.shared.SharedLong;
import io.multijvm.shared.SharedLongArray;
import io.multijvm.shared.SharedMap;
import io.multijvm.shared.SharedMemory;
import io.multijvm.shared.SharedPipe;
import io.multijvm.shared.SharedQueue;
import io.multijvm.shared.SharedReference;
import io.multijvm.shared.SharedSemaphore;
import io.multijvm.shared.SharedSet;
import io.multijvm.wire.mapped.ElementType;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.worker.shared.FaceMethods;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes objects that several processes use together, and owns them: this JVM keeps them, and frees everything when the manager
 * is closed. See Python's {@code multiprocessing.Manager}.
 *
 * <pre>{@code
 * try (Manager manager = Manager.start(); Pool pool = Pool.processes()) {
 *     SharedEvent stop = manager.event();
 *     TaskFuture<Integer> found = pool.submit(() -> search(stop));
 *     ...
 *     stop.set();
 * }
 * }</pre>
 *
 * <p>What it makes can be captured by a task, put into an item or sent through another shared object: what crosses is a
 * handle of a few bytes, and the object behind it is the same everywhere. Close a manager after the pools whose tasks use it.
 *
 * <p>A process that dies takes nothing with it: what it held is freed as soon as it has certainly ended, and those that wait
 * go on. If a process has lost its connection but lives on, it is killed first, for it could still change what it held.
 * When this JVM dies everything it owned is gone with it; who used it gets an {@code IllegalStateException}, and no file stays.
 *
 * <p>One that is {@linkplain #start started} is for the processes of this program; one that is {@linkplain #serve served} is for
 * other programs too, which {@linkplain #connect connect} to it.
 *
 * <p>Thread-safe. After {@link #close} nothing can be made, and what was made throws an {@code IllegalStateException}.
 */
public final class Manager implements AutoCloseable {
    private static final StackWalker CALLER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private final Maker core;
    private final @Nullable SocketAddress address;
    private final Runnable end;

    /**
     * @param address where other programs find it; null if they do not
     * @param end may be run again
     */
    Manager(Maker core, @Nullable SocketAddress address, Runnable end) {
        this.core = core;
        this.address = address;
        this.end = end;
    }

    /**
     * A manager in this JVM. Takes a moment if it is the first, or no pool is open: then the hub is started.
     *
     * @throws java.io.UncheckedIOException if this JVM cannot listen for other processes
     */
    public static Manager start() {
        return startFor(CALLER.getCallerClass());
    }

    /** As {@link #start()}, for that class: what references hold is decoded here if it comes from where that came from. */
    static Manager startFor(Class<?> user) {
        return ManagerWays.start(user);
    }

    /**
     * A manager in this JVM that other programs reach at an address, with {@link #connect}: programs that nobody here has
     * started, also on other machines. They find its objects by the names that either side {@linkplain #publish publishes},
     * make others, and hand them on to their own pools and processes, which connect here by themselves. Objects live until they
     * or this manager are closed.
     *
     * <p>Both sides must know the key, which is never sent: each proves by an HMAC over what the other has chosen that it does,
     * before any object is heard of; who has not done so within 10 s is cut off. What crosses is not encrypted: serve on
     * networks that you trust only, or through a tunnel. Keys of maps and functions for the owner are decoded here under an
     * allow list: values of the JDK, classes from the jar or directory that the caller's class came from, and the packages that
     * are named here. In processes that use the manager the same holds for what they read, with the jar or directory that their
     * task, or whoever connected, came from.
     *
     * <p>Its objects share no memory, not with the processes of this program either: everything is a message, some 50 µs on one
     * machine. What only this program's processes share is faster with a manager that is {@linkplain #start() started}.
     *
     * <p>A process that uses the manager has gone when its connection has: what it held is freed then, and it can change
     * nothing any more. The system tells at once of a death; a machine that stopped without a word is noticed after 15 s at
     * most. So is a process that stood still so long, which then has lost its connection.
     *
     * @param address a {@code UnixDomainSocketAddress} whose path is free, for this user's processes only; or an
     *     {@code InetSocketAddress} of one interface, port 0 for any that is free: {@link #address} tells. Nothing else is bound
     * @param key of any length but 0; best 32 random bytes, for who hears a proof can try keys that are easy to guess
     * @param allow packages by their exact names, without those below them
     * @throws java.io.UncheckedIOException if it cannot listen there: say, somebody else does, or there is a file already
     * @throws IllegalArgumentException if the key is empty, or the address is a wildcard, which every network could reach
     */
    public static Manager serve(SocketAddress address, byte[] key, String... allow) {
        return ManagerWays.serve(address, key, CALLER.getCallerClass(), allow);
    }

    /**
     * Connects to a manager that another program {@linkplain #serve serves}, whose words hold here too. What this makes is made
     * there, and lives there until it or that manager is closed, whether or not this program lives on. Waits until both sides
     * have proved that they know the key, 20 s at most.
     *
     * <p>When that program ends, or the connection breaks, everything from it throws an {@code IllegalStateException}, here and
     * in the processes of this program; connecting again gives new objects by their names. {@link #close} ends the connection
     * of this JVM, when all that have connected to that manager have closed: locks that were held by it are freed. What it had
     * handed on to other processes goes on there.
     *
     * <p>A barrier with an action, {@link #register}, {@link #memory} and {@link #locks} are refused: they make no sense from afar.
     *
     * @param allow packages by their exact names, without those below them
     * @throws java.io.UncheckedIOException if no manager is served there, or it does not know the key; or if interrupted
     * @throws IllegalArgumentException if the key is empty, or the address is not resolved
     */
    public static Manager connect(SocketAddress address, byte[] key, String... allow) {
        return ManagerWays.connect(address, key, CALLER.getCallerClass(), allow);
    }

    /**
     * Where this manager is served, with the port that it was given; or where it was connected to.
     *
     * @throws IllegalStateException if it is neither
     */
    public SocketAddress address() {
        if (address == null) {
            throw new IllegalStateException("this manager was started for its own program alone: use Manager.serve");
        }
        return address;
    }

    /**
     * Gives an object a name, by which {@link #find} finds it in each program that has this manager. An object may have
     * several; they are free again when it is closed. Waits for the owner.
     *
     * @param name 1 to 200 characters
     * @param object what this manager has made, here or elsewhere
     * @throws IllegalArgumentException if the name is taken, or it is no object of this manager
     * @throws IllegalStateException if the object or the manager is closed, or its program is gone
     */
    public void publish(String name, Object object) {
        core.names().publish(name, object);
    }

    /**
     * The object of that name, the same everywhere. Waits for the owner's answer, not for the name.
     *
     * <pre>{@code
     * SharedQueue<String> jobs = manager.find("jobs", SharedQueue.class);
     * }</pre>
     *
     * @param type of what is looked for; what its elements are is not looked at. Of an object of an own class its interface
     * @throws java.util.NoSuchElementException if nothing has that name
     * @throws ClassCastException if it is of another type; says of which
     * @throws IllegalStateException if the manager is closed, or its program is gone
     */
    @SuppressWarnings("unchecked") // it holds what is put
    public <T> T find(String name, Class<? super T> type) {
        return (T) core.names().find(name, type);
    }

    /** A flag to wait for, not set. */
    public SharedEvent event() {
        return (SharedEvent) core.event();
    }

    /** A lock that its holder cannot take again; see {@link SharedLock}. */
    public SharedLock lock() {
        return (SharedLock) core.lock(false);
    }

    /** A lock that its holder can take again, and then has to release as often. */
    public SharedLock rlock() {
        return (SharedLock) core.lock(true);
    }

    /**
     * The locks of this manager that are held or waited for at this moment, in the order in which they were made: who holds
     * each, since when, and who waits. For people who look for what holds a program up; empty after close.
     */
    public List<HeldLock> locks() {
        return core.locks().stream()
                .map(report -> new HeldLock(report.name(), report.holder(), report.heldFor(), report.waiters()))
                .toList();
    }

    /**
     * A lock that is held or waited for.
     *
     * @param name of the lock, as its messages say it: {@code lock 7}, or {@code lock of queue 3} if it belongs to another object
     * @param holder thread, process and pid, as {@code thread 17 of worker 3 (pid 4711)}; empty for the moment in which nobody
     *     has it
     * @param heldFor since it was taken
     * @param waiters who waits, next first, in the same words
     */
    public record HeldLock(String name, String holder, Duration heldFor, List<String> waiters) {
        public HeldLock {
            waiters = List.copyOf(waiters);
        }
    }

    /**
     * A semaphore, which may have more permits than at first.
     *
     * @param permits how many there are at first, at least 0
     */
    public SharedSemaphore semaphore(int permits) {
        return (SharedSemaphore) core.semaphore(permits);
    }

    /**
     * A semaphore that never has more permits than at first: a release too many is refused, which finds programs that release
     * what they did not acquire.
     *
     * @param permits how many there are, at least 0
     */
    public SharedSemaphore boundedSemaphore(int permits) {
        return (SharedSemaphore) core.boundedSemaphore(permits);
    }

    /**
     * A latch.
     *
     * @param count how often it must be counted down until nobody waits, at least 0
     */
    public SharedLatch latch(long count) {
        return (SharedLatch) core.latch(count);
    }

    /**
     * A barrier.
     *
     * @param parties how many threads of all processes together go on at a time, at least 1
     */
    public SharedBarrier barrier(int parties) {
        return (SharedBarrier) core.barrier(parties, null);
    }

    /**
     * A barrier with something to do whenever all have come, before any goes on.
     *
     * @param parties how many threads of all processes together go on at a time, at least 1
     * @param action run once a round, in this JVM by a thread of the manager's; if it throws the barrier is broken
     */
    public SharedBarrier barrier(int parties, Runnable action) {
        return (SharedBarrier) core.barrier(parties, Objects.requireNonNull(action, "action"));
    }

    /** A {@code long} that begins with that value. */
    public SharedLong longValue(long value) {
        return (SharedLong) core.value(ObjectKind.LONG, ElementType.LONG, value);
    }

    /** An {@code int} that begins with that value. */
    public SharedInt intValue(int value) {
        return (SharedInt) core.value(ObjectKind.INT, ElementType.INT, value);
    }

    /** A {@code double} that begins with that value. */
    public SharedDouble doubleValue(double value) {
        return (SharedDouble) core.value(ObjectKind.DOUBLE, ElementType.DOUBLE, Double.doubleToRawLongBits(value));
    }

    /** A {@code byte} that begins with that value. */
    public SharedByte byteValue(byte value) {
        return (SharedByte) core.value(ObjectKind.BYTE, ElementType.BYTE, value);
    }

    /** A {@code boolean} that begins with that value. */
    public SharedBoolean booleanValue(boolean value) {
        return (SharedBoolean) core.value(ObjectKind.BOOLEAN, ElementType.INT, value ? 1 : 0);
    }

    /**
     * A reference that begins with a copy of that value.
     *
     * @throws io.multijvm.failure.PayloadException if it cannot cross
     */
    @SuppressWarnings("unchecked")
    public <T extends @Nullable Object> SharedReference<T> reference(T value) {
        return (SharedReference<T>) core.reference(value);
    }

    /** An empty map. */
    @SuppressWarnings("unchecked") // it holds what is put
    public <K, V> SharedMap<K, V> map() {
        return (SharedMap<K, V>) core.collection(ObjectKind.MAP);
    }

    /** An empty list. */
    @SuppressWarnings("unchecked") // it holds what is added
    public <E extends @Nullable Object> SharedList<E> list() {
        return (SharedList<E>) core.collection(ObjectKind.LIST);
    }

    /** An empty set. */
    @SuppressWarnings("unchecked") // it holds what is added
    public <E> SharedSet<E> set() {
        return (SharedSet<E>) core.collection(ObjectKind.SET);
    }

    /**
     * Makes one object of a class of your own that lives here, in this JVM, and gives a proxy of its interface: every process that
     * the proxy reaches calls the one object. Call this once for each object. See Python's {@code BaseManager.register}.
     *
     * <pre>{@code
     * interface Counter { int increment(); }
     * class Counts implements Counter { int n; public int increment() { return ++n; } }   // no lock is needed
     *
     * Counter counter = manager.register(Counter.class, Counts::new);
     * pool.submit(() -> counter.increment());
     * }</pre>
     *
     * <p><b>A call</b> crosses to this JVM, is done here by a thread of the manager's, and its result comes back. Arguments and
     * results are copies, or handles where they are shared objects themselves; that is so in this JVM too. All methods of the
     * interface can be called, inherited and {@code default} ones too, which run here as the others do; nothing else of the
     * object can. {@code equals}, {@code hashCode} and {@code toString} are the proxy's own and do not cross.
     *
     * <p><b>In turn.</b> The calls of one object are done one after the other, those of one thread in their order. A slow one
     * holds up this object and no other. So a method must not wait for another call of its own object: one that calls the
     * object's proxy, itself or through other such objects, gets a {@link io.multijvm.failure.DeadlockException}; if the way leads
     * through another thread or process nobody sees that, and it waits for ever.
     *
     * <p><b>What goes wrong.</b> What a method throws is thrown to who called as it is, checked or not, with the frames of both;
     * what cannot be rebuilt there comes as a {@link io.multijvm.failure.RemoteTaskException}, and so does an
     * {@code OutOfMemoryError} or another {@code VirtualMachineError} of this JVM, or what has an {@code OutOfMemoryError}
     * among its causes. What cannot cross is a
     * {@link io.multijvm.failure.PayloadException} that names the method and the argument; where it is the result, the call
     * was done. Lambdas do not cross here: pass an object of a named class. A process that dies while it calls has its call
     * done whole or not at all. When this JVM or the object ends during a call it throws an {@code IllegalStateException} that
     * says so; the call may then have been done. An interrupt does not end the wait for an answer, and stays set.
     *
     * <p>If the interface is {@link AutoCloseable} its {@code close()} calls the object's own, once, and frees it, whatever that
     * throws; closing again does nothing. Other objects are freed by {@link #unregister}. Neither that nor the manager's end
     * calls anything of the object; its running methods are interrupted at the manager's end.
     *
     * <p>Arguments are decoded here only if they are plain JDK values or come from the same jars or directories as the object, its
     * interface, the types that this names, and what else this program shares. An object is kept until it is freed. It is only to be used through the
     * proxy: what this program calls on it directly is not done in turn.
     *
     * @param face an interface, public or not, that all processes have in the same version
     * @param maker called once, at once and in this thread
     * @return the same proxy wherever it comes to in this JVM
     * @throws IllegalArgumentException if {@code face} is no interface, or sealed or hidden
     * @throws UnsupportedOperationException if this is a manager of another program: register it there, and publish it
     * @throws IllegalStateException if the manager is closed
     */
    public <T> T register(Class<T> face, Supplier<? extends T> maker) {
        return face.cast(core.own(FaceMethods.of(face), () -> made(face, maker)));
    }

    private static <T> T made(Class<T> face, Supplier<? extends T> maker) {
        T made = face.cast(Objects.requireNonNull(maker.get(), "what the maker has made"));
        if (made instanceof SharedHandle.Faced) {
            throw new IllegalArgumentException("the maker has given a proxy of a shared object: share that itself");
        }
        return made;
    }

    /**
     * Frees an object that {@link #register} has made, in all processes. Who calls it, or waits, gets an
     * {@code IllegalStateException}. Does nothing if it was freed before; calls nothing of the object.
     *
     * @param proxy as {@code register} gave it
     * @throws IllegalArgumentException if it is no proxy of this manager's
     */
    public void unregister(Object proxy) {
        if (!(proxy instanceof SharedHandle.Faced faced) || !core.free((SharedHandle) faced.writeReplace())) {
            throw new IllegalArgumentException("this manager has not registered " + proxy);
        }
    }

    /**
     * An array of {@code long}s, all zero. Long ones take their space at once; if there is no room for one, this
     * waits a few seconds, once, for that of what was closed just before.
     *
     * @throws java.io.UncheckedIOException if shared memory has no room for it; says how much there is
     */
    public SharedLongArray longArray(long length) {
        return (SharedLongArray) core.array(ObjectKind.LONG_ARRAY, ElementType.LONG, length);
    }

    /** An array of {@code long}s with these elements; see {@link #longArray}. */
    public SharedLongArray longArrayOf(long... elements) {
        return filled(longArray(elements.length), made -> made.set(0, elements));
    }

    /** An array of {@code int}s, all zero; its space and what it throws as in {@link #longArray}. */
    public SharedIntArray intArray(long length) {
        return (SharedIntArray) core.array(ObjectKind.INT_ARRAY, ElementType.INT, length);
    }

    /** An array of {@code int}s with these elements; see {@link #intArray}. */
    public SharedIntArray intArrayOf(int... elements) {
        return filled(intArray(elements.length), made -> made.set(0, elements));
    }

    /** An array of {@code double}s, all zero; its space and what it throws as in {@link #longArray}. */
    public SharedDoubleArray doubleArray(long length) {
        return (SharedDoubleArray) core.array(ObjectKind.DOUBLE_ARRAY, ElementType.DOUBLE, length);
    }

    /** An array of {@code double}s with these elements; see {@link #doubleArray}. */
    public SharedDoubleArray doubleArrayOf(double... elements) {
        return filled(doubleArray(elements.length), made -> made.set(0, elements));
    }

    /** An array of {@code byte}s, all zero; its space and what it throws as in {@link #longArray}. */
    public SharedByteArray byteArray(long length) {
        return (SharedByteArray) core.array(ObjectKind.BYTE_ARRAY, ElementType.BYTE, length);
    }

    /** An array of {@code byte}s with these elements; see {@link #byteArray}. */
    public SharedByteArray byteArrayOf(byte... elements) {
        return filled(byteArray(elements.length), made -> made.set(0, elements));
    }

    private static <A> A filled(A made, Consumer<A> fill) {
        fill.accept(made);
        return made;
    }

    /** A queue without a bound; see {@link SharedQueue}. */
    @SuppressWarnings("unchecked")
    public <E> SharedQueue<E> queue() {
        return (SharedQueue<E>) core.queue(0);
    }

    /**
     * A queue with a bound.
     *
     * @param capacity how many elements are in it at most, at least 1
     */
    @SuppressWarnings("unchecked")
    public <E> SharedQueue<E> queue(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, not " + capacity);
        }
        return (SharedQueue<E>) core.queue(capacity);
    }

    /**
     * A pipe both ways: either end sends and receives. Takes half a MiB of shared memory at once.
     *
     * @throws java.io.UncheckedIOException if shared memory has no room for it; says how much there is
     */
    @SuppressWarnings("unchecked")
    public <T extends @Nullable Object> SharedPipe<T> pipe() {
        return (SharedPipe<T>) core.pipe(true);
    }

    /** A pipe of one way: its left end sends, and its right end receives. Otherwise as {@link #pipe}, and half as large. */
    @SuppressWarnings("unchecked")
    public <T extends @Nullable Object> SharedPipe<T> oneWayPipe() {
        return (SharedPipe<T>) core.pipe(false);
    }

    /**
     * Raw memory that other processes of this user find by its name, all zero. It takes its space at once.
     *
     * @param name 1 to 200 characters, unlike any that is in use by this user's processes on this machine
     * @param bytes its length, from 1
     * @throws java.io.UncheckedIOException if shared memory has no room for it; says how much there is
     * @throws IllegalArgumentException if the name is taken
     * @throws UnsupportedOperationException where no memory is shared: not on Linux, or the hub has no Unix socket
     */
    public SharedMemory memory(String name, long bytes) {
        return (SharedMemory) core.memory(name, bytes);
    }

    /**
     * Frees everything that was made. Who uses it, or waits, gets an {@code IllegalStateException}. Closing twice does nothing;
     * waits for the hub's end if it was its last user. Of a manager that this program has {@linkplain #connect connected} to,
     * this ends the connection alone.
     */
    @Override
    public void close() {
        end.run();
    }
}
