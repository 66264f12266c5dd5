// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.SharedHandle;
import java.util.Collection;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The lines of this JVM, by their manager. Static, for a handle that has just been decoded knows nobody here. */
public final class Owners {
    private static final KeptOnceUsed<Owner, OwnerLine> LINES = new KeptOnceUsed<>();

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
        return LINES.find(Owner.of(handle), fits, () -> make.apply(handle));
    }

    /** It is about to be connected: from now on it is kept until it is forgotten. */
    static void keep(OwnerLine line) {
        LINES.use(Owner.of(line), line);
    }

    /** How many lines there are, and what was left of others. */
    static int lines() {
        return LINES.size();
    }

    /** Whether this JVM has to do with that handle's manager already. */
    public static boolean know(SharedHandle handle) {
        return LINES.known(Owner.of(handle)) != null;
    }

    /** A manager of this JVM. */
    public static void add(OwnerLine line) {
        LINES.keep(Owner.of(line), line);
    }

    /** Who comes from now on gets another. */
    public static void forget(OwnerLine line) {
        LINES.remove(Owner.of(line), line);
    }

    /** This process ends in good order: nobody need suspect what it could change. Waits a moment at most. */
    public static void leaveAll() {
        LINES.kept().forEach(OwnerLine::leave);
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
