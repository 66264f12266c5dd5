// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The JDK's classes that are plain values: decoding one runs no code but its own, opens nothing and calls nobody. By exact
 * name, never by a prefix: {@code java.} holds enough to build any attack from.
 */
final class JdkValues {
    private static final Set<String> NAMES = Stream.of(
                    names(
                            "java.lang.",
                            "Object Class Boolean Byte Character Short Integer Long Float Double Void Number"),
                    names("java.lang.", "String StringBuilder StringBuffer StackTraceElement Enum Record"),
                    names("java.math.", "BigDecimal BigInteger MathContext"),
                    names("java.net.", "URI URL InetAddress Inet4Address Inet6Address InetSocketAddress"),
                    names("java.sql.", "Date Time Timestamp"),
                    names("java.time.", "Duration Instant LocalDate LocalDateTime LocalTime MonthDay OffsetDateTime"),
                    names(
                            "java.time.",
                            "OffsetTime Period Year YearMonth ZonedDateTime ZoneId ZoneOffset ZoneRegion Ser"),
                    names("java.time.chrono.", "HijrahDate JapaneseDate MinguoDate ThaiBuddhistDate JapaneseEra Ser"),
                    names(
                            "java.util.",
                            "ArrayDeque ArrayList LinkedList Vector Stack PriorityQueue BitSet UUID Locale"),
                    names("java.util.", "HashMap LinkedHashMap TreeMap Hashtable IdentityHashMap WeakHashMap EnumMap"),
                    names("java.util.", "HashSet LinkedHashSet TreeSet EnumSet RegularEnumSet JumboEnumSet Properties"),
                    names("java.util.", "EnumSet$SerializationProxy Date GregorianCalendar SimpleTimeZone TimeZone"),
                    names("java.util.", "Calendar Currency Optional OptionalInt OptionalLong OptionalDouble Random"),
                    names("java.util.", "StringJoiner IntSummaryStatistics LongSummaryStatistics CollSer"),
                    names("java.util.", "DoubleSummaryStatistics AbstractMap$SimpleEntry KeyValueHolder"),
                    names("java.util.", "AbstractMap$SimpleImmutableEntry ArrayList$SubList AbstractList$SubList"),
                    names("java.util.", "AbstractList$RandomAccessSubList Arrays$ArrayList"),
                    names("java.util.Comparators$", "NaturalOrderComparator"),
                    names(
                            "java.util.Collections$",
                            "EmptyList EmptyMap EmptySet SingletonList SingletonMap CopiesList"),
                    names("java.util.Collections$", "SingletonSet ReverseComparator ReverseComparator2 SetFromMap"),
                    names("java.util.Collections$", "UnmodifiableCollection UnmodifiableList UnmodifiableMap"),
                    names(
                            "java.util.Collections$",
                            "UnmodifiableNavigableMap UnmodifiableNavigableSet UnmodifiableSet"),
                    names("java.util.Collections$", "UnmodifiableNavigableMap$EmptyNavigableMap UnmodifiableSortedMap"),
                    names("java.util.Collections$", "UnmodifiableNavigableSet$EmptyNavigableSet UnmodifiableSortedSet"),
                    names("java.util.Collections$", "UnmodifiableRandomAccessList SynchronizedCollection"),
                    names("java.util.Collections$", "UnmodifiableSequencedCollection UnmodifiableSequencedSet"),
                    names("java.util.Collections$", "UnmodifiableSequencedMap UnmodifiableMap$UnmodifiableEntrySet"),
                    names("java.util.Collections$", "SynchronizedList SynchronizedMap SynchronizedNavigableMap"),
                    names("java.util.Collections$", "SynchronizedNavigableSet SynchronizedRandomAccessList"),
                    names("java.util.Collections$", "SynchronizedSet SynchronizedSortedMap SynchronizedSortedSet"),
                    names("java.util.ImmutableCollections$", "List12 ListN Set12 SetN Map1 MapN SubList"),
                    names("java.util.concurrent.", "ArrayBlockingQueue ConcurrentHashMap ConcurrentLinkedDeque"),
                    names("java.util.concurrent.", "ConcurrentLinkedQueue ConcurrentSkipListMap ConcurrentSkipListSet"),
                    names("java.util.concurrent.", "ConcurrentHashMap$KeySetView ConcurrentHashMap$Segment"),
                    names("java.util.concurrent.", "CopyOnWriteArrayList CopyOnWriteArraySet LinkedBlockingDeque"),
                    names("java.util.concurrent.", "LinkedBlockingQueue PriorityBlockingQueue"),
                    // the shapes of ConcurrentHashMap in a Java stream: locks without threads
                    names("java.util.concurrent.locks.", "ReentrantLock ReentrantLock$Sync ReentrantLock$NonfairSync"),
                    names("java.util.concurrent.locks.", "AbstractQueuedSynchronizer AbstractOwnableSynchronizer"),
                    names("java.util.concurrent.atomic.", "AtomicBoolean AtomicInteger AtomicIntegerArray AtomicLong"),
                    names("java.util.concurrent.atomic.", "AtomicLongArray AtomicReference AtomicReferenceArray"),
                    names(
                            "java.util.concurrent.atomic.",
                            "DoubleAdder LongAdder Striped64 LongAdder$SerializationProxy"),
                    names("java.util.concurrent.atomic.", "DoubleAdder$SerializationProxy"),
                    names("java.util.regex.", "Pattern"),
                    names("java.nio.", "HeapByteBuffer DirectByteBuffer"),
                    names("java.io.", "File"),
                    names("sun.util.calendar.", "ZoneInfo"))
            .flatMap(names -> names)
            .collect(Collectors.toUnmodifiableSet());

    private JdkValues() {}

    private static Stream<String> names(String prefix, String simpleNames) {
        return Stream.of(simpleNames.split(" ")).map(prefix::concat);
    }

    /** Not asked for arrays, nor for primitive types. */
    static boolean contains(Class<?> type) {
        if (!isJdk(type)) {
            return false;
        }
        if (NAMES.contains(type.getName())) {
            return true;
        }
        // An interface has no objects of its own: it is here as the type of an array.
        return type.isInterface()
                || isEnum(type)
                || (Throwable.class.isAssignableFrom(type) && type.getName().startsWith("java."))
                || (Path.class.isAssignableFrom(type) && type.getName().startsWith("sun.nio.fs."));
    }

    /** An enum, or the body of one of its constants. */
    private static boolean isEnum(Class<?> type) {
        return type.getName().startsWith("java.") && Enum.class.isAssignableFrom(type);
    }

    /** Loaded by the boot or the platform loader: no user can put a class there. */
    static boolean isJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader.equals(ClassLoader.getPlatformClassLoader());
    }
}
