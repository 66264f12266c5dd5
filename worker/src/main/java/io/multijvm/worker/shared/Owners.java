// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.SharedHandle;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The lines of this JVM, by their manager. Static, for a handle that has just been decoded knows nobody here. */
public final class Owners {
    /**
     * Each an {@link OwnerLine} that is used, or a {@link Weak} one: whoever sends handles decides how many come here, and those
     * that nobody uses must not fill this.
     */
    private static final Map<Owner, Object> LINES = new ConcurrentHashMap<>();

    private static final ReferenceQueue<OwnerLine> FORGOTTEN = new ReferenceQueue<>();

    private static final ServedValues SERVED = new ServedValues();

    private static volatile @Nullable ValueCodec codecHere;

    private Owners() {}

    /** With its key: a number alone is no secret, and who makes a handle of it could lead others elsewhere. */
    private record Owner(long manager, String key) {
        static Owner of(SharedHandle handle) {
            return new Owner(handle.manager(), handle.key());
        }

        static Owner of(OwnerLine line) {
            return new Owner(line.manager(), line.key());
        }
    }

    /** A line that was never connected: it is kept by what stands for its objects. */
    private static final class Weak extends WeakReference<OwnerLine> {
        final Owner owner;

        Weak(Owner owner, OwnerLine line) {
            super(line, FORGOTTEN);
            this.owner = owner;
        }
    }

    /** The line to a handle's owner; made, not yet connected, if there is none. */
    public static OwnerLine of(SharedHandle handle, Function<SharedHandle, OwnerLine> make) {
        return of(handle, make, line -> true);
    }

    /**
     * As {@link #of}, by the handle's own address; a line that leads elsewhere is that of other handles from then on, and one
     * whose owner is gone, which may not have been forgotten yet, is nobody's.
     */
    public static OwnerLine at(SharedHandle handle, Function<SharedHandle, OwnerLine> make) {
        return of(handle, make, line -> line.goneBecause() == null && line.leadsTo(handle.address()));
    }

    private static OwnerLine of(
            SharedHandle handle, Function<SharedHandle, OwnerLine> make, Predicate<OwnerLine> fits) {
        for (Reference<?> gone = FORGOTTEN.poll(); gone != null; gone = FORGOTTEN.poll()) {
            LINES.remove(((Weak) gone).owner, gone);
        }
        Owner owner = Owner.of(handle);
        OwnerLine made = null;
        while (true) {
            Object before = LINES.get(owner);
            OwnerLine there = line(before);
            if (there != null && fits.test(there)) {
                return there;
            }
            if (made == null) {
                made = make.apply(handle);
            }
            Weak weak = new Weak(owner, made);
            if (before == null ? LINES.putIfAbsent(owner, weak) == null : LINES.replace(owner, before, weak)) {
                return made;
            }
        }
    }

    private static @Nullable OwnerLine line(@Nullable Object there) {
        return there instanceof Weak weak ? weak.get() : (OwnerLine) there;
    }

    /** It is about to be connected: from now on it is kept until it is forgotten. */
    static void keep(OwnerLine line) {
        LINES.computeIfPresent(Owner.of(line), (owner, there) -> line(there) == line ? line : there);
    }

    /** How many lines there are, and what was left of others. */
    static int lines() {
        return LINES.size();
    }

    /** Whether this JVM has to do with that handle's manager already. */
    public static boolean know(SharedHandle handle) {
        return line(LINES.get(Owner.of(handle))) != null;
    }

    /** A manager of this JVM. */
    public static void add(OwnerLine line) {
        LINES.put(Owner.of(line), line);
    }

    /** Who comes from now on gets another. */
    public static void forget(OwnerLine line) {
        LINES.computeIfPresent(Owner.of(line), (owner, there) -> line(there) == line ? null : there);
    }

    /** This process ends in good order: nobody need suspect what it could change. Waits a moment at most. */
    public static void leaveAll() {
        LINES.values().forEach(there -> {
            if (there instanceof OwnerLine line) {
                line.leave();
            }
        });
    }

    /** How this process encodes what references hold, from now on; for a worker, which knows its tasks' classes. */
    public static void encodeWith(ValueCodec codec) {
        codecHere = codec;
        ValueCodec unused = SERVED.findsBy(codec.loader());
    }

    /** This process runs that task: what comes from where it came from may be decoded, whoever has sent it. */
    public static void trust(Object task) {
        SERVED.trust(task);
    }

    /** As {@link #trust(Object)}, of a class that uses managers of other programs. */
    public static void trust(Class<?> user, Collection<String> packages) {
        SERVED.trust(user, packages);
        if (codecHere == null) { // a worker knows by which loader to find classes
            ValueCodec unused = SERVED.findsBy(user.getClassLoader());
        }
    }

    /** How this process encodes and decodes what managers hold to which other programs come. */
    public static ValueCodec codecOfServed() {
        return SERVED.codec();
    }

    /** How this process encodes what references of managers elsewhere hold. */
    public static ValueCodec codec() {
        ValueCodec known = codecHere;
        return known != null ? known : CodecOfAnybody.CODEC;
    }

    /** Of a process that no pool has started: plain values alone are decoded. */
    private static final class CodecOfAnybody {
        static final ValueCodec CODEC =
                new ValueCodec(new ForyCodec(), Owners.class.getClassLoader(), AllowList.of(Set.of()));
    }
}
