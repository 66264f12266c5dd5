// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.io.Serializable;
import java.net.SocketAddress;
import java.util.Iterator;
import java.util.ServiceLoader;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * What crosses of a shared object: where its owner is, which object it is, and the key of its manager. Where it arrives it
 * becomes the object again. For implementations: users see the object's own type.
 *
 * <p>Whoever has the bytes of a handle may use the manager's objects, as long as the manager lives and if it is the same
 * user on the same machine, or the manager is served to other programs; so they belong in no log. {@link #toString} does not tell the key.
 */
public final class SharedHandle implements Serializable {
    private static final long serialVersionUID = 1;

    private final String address;
    private final long manager;
    private final String key;
    private final long object;
    private final String kind;
    private final @Nullable Class<?> face;

    /**
     * For implementations.
     *
     * @param address of the hub of the JVM that owns the object, or where its manager is served
     * @param manager number of its manager, unlike that of any other of any JVM
     * @param key of the manager
     * @param object number of the object at its manager
     * @param kind what it is
     */
    public SharedHandle(String address, long manager, String key, long object, String kind) {
        this(address, manager, key, object, kind, null);
    }

    /**
     * For implementations: of an object of a user's class.
     *
     * @param face the interface by which it is called; null for all other kinds
     */
    public SharedHandle(String address, long manager, String key, long object, String kind, @Nullable Class<?> face) {
        this.address = address;
        this.manager = manager;
        this.key = key;
        this.object = object;
        this.kind = kind;
        this.face = face;
    }

    public String address() {
        return address;
    }

    public long manager() {
        return manager;
    }

    public String key() {
        return key;
    }

    public long object() {
        return object;
    }

    public String kind() {
        return kind;
    }

    /** The interface by which an object of a user's class is called; null for all other kinds. */
    public @Nullable Class<?> face() {
        return face;
    }

    /** The object itself, in place of its handle. */
    private Object readResolve() {
        return Resolver.Holder.HERE.resolve(this);
    }

    static SharedMemory attach(String name) {
        return Resolver.Holder.HERE.attach(name);
    }

    static <T extends @Nullable Object> PipeListener<T> listen(
            SocketAddress address, byte[] key, Class<?> caller, String... allow) {
        return Resolver.Holder.HERE.listen(address, key, caller, allow);
    }

    static <T extends @Nullable Object> PipeEnd<T> connect(
            SocketAddress address, byte[] key, Class<?> caller, String... allow) {
        return Resolver.Holder.HERE.connect(address, key, caller, allow);
    }

    @Override
    public String toString() {
        return kind + " " + object + " of manager " + Long.toHexString(manager);
    }

    /** For implementations: what crosses of a condition, which is a number of its lock's. */
    public record OfCondition(SharedLock lock, long number) implements Serializable {
        private Object readResolve() {
            return Resolver.Holder.HERE.condition(lock, number);
        }
    }

    /** For implementations: what crosses of an end of a pipe. */
    public record OfPipeEnd(SharedPipe<?> pipe, boolean right) implements Serializable {
        private Object readResolve() {
            return ((Ends) pipe).arrived(right);
        }

        /** A pipe that hears which of its ends have arrived. */
        public interface Ends {
            /** That end, which this process may use again if it was another's meanwhile. */
            Object arrived(boolean right);
        }
    }

    /**
     * For implementations: what a proxy is besides its user's interface, so that its handle crosses in its place.
     */
    public interface Faced extends Serializable {
        /** The handle; found by its name, by Java serialisation and by Fory. */
        Object writeReplace();
    }

    /** For implementations: makes objects of handles. */
    public interface Resolver {
        /** The one object that stands for this handle in this JVM. Does not connect; thread-safe. */
        Object resolve(SharedHandle handle);

        /** The condition of that number of a lock that has arrived. */
        Condition condition(SharedLock lock, long number);

        /** Memory by its name. */
        SharedMemory attach(String name);

        /** See {@link PipeEnd#listen}; {@code caller} is who called that. */
        <T extends @Nullable Object> PipeListener<T> listen(
                SocketAddress address, byte[] key, Class<?> caller, String... allow);

        /** See {@link PipeEnd#connect}; {@code caller} is who called that. */
        <T extends @Nullable Object> PipeEnd<T> connect(
                SocketAddress address, byte[] key, Class<?> caller, String... allow);

        /** Looked for when the first handle arrives. */
        final class Holder {
            private static final Resolver HERE = find();

            private Holder() {}

            private static Resolver find() {
                Iterator<Resolver> found = ServiceLoader.load(Resolver.class, SharedHandle.class.getClassLoader())
                        .iterator();
                if (!found.hasNext()) {
                    throw new IllegalStateException(
                            "a shared object has come, but META-INF/services of the worker's jar"
                                    + " are missing on the class path: was it repackaged without merging service files?");
                }
                return found.next();
            }
        }
    }
}
