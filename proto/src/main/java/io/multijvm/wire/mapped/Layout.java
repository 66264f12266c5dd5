// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where things lie in the mapped file. Numbers are in native byte order (both sides run on one machine) and aligned; those
 * that one side writes while the other reads lie in cache lines of their own.
 *
 * <pre>
 *      0  magic, layout version, ring capacity
 *     64  committed   ring position behind the last closed record         worker writes, release
 *     72  open run    what is finished of the run there, or 0             worker writes, release
 *     80  stdout      where the output of the item at hand begins there   worker writes
 *     88  stderr      the same                                            worker writes, release, after stdout
 *    128  consumed    ring position behind the last copied record         coordinator writes, release
 *    136  times       not 0: each item's beginning must be exact          coordinator writes, release
 *    144  cuts        of the output files, begun and ended: odd during one coordinator writes, release
 *    152  stdout base what was cut off stdout's file                      coordinator writes, before cuts
 *    160  stderr base the same of stderr's                                coordinator writes, before cuts
 *    192  chunk       id of the chunk that runs                           worker writes, release, after began
 *    200  item        position in the chunk * 4 + state                   worker writes, release, after chunk
 *    208  began       when the item at hand began, System.nanoTime        worker writes
 *    216  1 + index of the innermost nested item that runs in it, 0: none worker writes, release, after depth
 *    224  how many run nested in it                                      worker writes
 *    232  heartbeat   counts on while the process lives; 0 before         worker writes, release, last
 *    240  bytes of heap in use at that beat                              worker writes
 *    256  length of the last words, then their UTF-8 bytes                worker writes, length last, release
 *   8192  length of a stack, chunk and position it is of, its UTF-8 bytes worker writes, length last, release
 *  16384  the ring
 * </pre>
 *
 * <p>Places in stdout and stderr count the bytes that went there since the process began, cut off or not: the length of the file
 * and its base. Who wants to know one reads {@code cuts}, the base and the length, and then {@code cuts} again; where it was
 * odd, or is another, a cut came between.
 *
 * <p>Positions count bytes since the beginning and never wrap; modulo the capacity they are places in the ring. A record
 * is never split: where it does not fit before the end, {@link #WRAP} stands and the record begins at place 0.
 *
 * <pre>
 *      0  int   payload length, or WRAP
 *      4  int   CRC-32C of bytes 8 to the payload's end
 *      8  long  sequence, from 0
 *     16  long  chunk id
 *     24  int   position in the chunk
 *     28  int   kind
 *     32  long  elapsed nanoseconds
 *     40        payload, padded to 8
 * </pre>
 *
 * <p>A <em>run</em> is a record whose payload holds the results of consecutive items: their type, how many they are, then value
 * behind value, each a multiple of four bytes.
 *
 * <pre>
 *     40  int   type, which means nothing here
 *     44  int   how many results
 *     48        values
 * </pre>
 *
 * <p>A run is readable before it is closed. It is opened at the place behind {@code committed}: sequence, chunk, position, kind
 * and type are written. For each result its bytes are written, then {@code open run} is release-stored: this one store
 * finishes the item. The word holds all that a reader needs to believe it, and never belongs to two states at once:
 *
 * <pre>
 *     bits  0-15  results, from 1
 *     bits 16-31  units of four bytes that they take
 *     bits 32-51  checksum over these units
 *     bits 52-63  the lowest bits of the run's sequence
 * </pre>
 *
 * <p>To close it, length, count, elapsed time and CRC are written, {@code committed} is release-stored behind the run, and then
 * {@code open run} is cleared. Whenever the writer dies, each finished result is found once: before the second store
 * through the word; after it in the closed record, and the word, if it was not cleared any more, names a run that
 * the reader has behind it and is ignored. A run is opened only where room is left; one that becomes full, or is followed by
 * anything else, is closed first.
 */
final class Layout {
    static final long MAGIC = 0x4d756c74694a564dL;
    static final int VERSION = 5;

    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 8;
    static final int CAPACITY_AT = 16;
    static final int COMMITTED_AT = 64;
    static final int OPEN_RUN_AT = 72;
    static final int STDOUT_AT = 80;
    static final int STDERR_AT = 88;
    static final int CONSUMED_AT = 128;
    static final int TIMES_AT = 136;
    static final int CUTS_AT = 144;
    static final int STDOUT_BASE_AT = 152;
    static final int STDERR_BASE_AT = 160;
    static final int CHUNK_AT = 192;
    static final int ITEM_AT = 200;
    static final int BEGAN_AT = 208;
    static final int NESTED_AT = 216;
    static final int NESTED_DEPTH_AT = 224;
    static final int BEAT_AT = 232;
    static final int HEAP_AT = 240;
    static final int WORDS_AT = 256;
    static final int STACK_AT = 8192;
    static final int RING_AT = 16384;
    static final int MAX_WORDS = STACK_AT - WORDS_AT - 8;

    static final int STACK_CHUNK = 8;
    static final int STACK_POSITION = 16;
    static final int STACK_TEXT = 24;
    static final int MAX_STACK = RING_AT - STACK_AT - STACK_TEXT;

    static final int WRAP = -1;
    static final int LENGTH = 0;
    static final int CRC = 4;
    static final int SEQUENCE = 8;
    static final int CHUNK = 16;
    static final int POSITION = 24;
    static final int KIND = 28;
    static final int ELAPSED = 32;
    static final int HEADER = 40;

    static final int RUN_TYPE = 40;
    static final int RUN_COUNT = 44;
    static final int RUN_HEADER = 48;
    /** Of the payload of a run, what stands before its values. */
    static final int RUN_PREFIX = RUN_HEADER - HEADER;

    static final int UNIT = 4;
    /** So that units and results, which take one each at least, can be counted in 16 bits. */
    static final int MOST_RUN_BYTES = 0xffff * UNIT;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private Layout() {}

    static long acquire(ByteBuffer map, int at) {
        return (long) LONG.getAcquire(map, at);
    }

    static void release(ByteBuffer map, int at, long value) {
        LONG.setRelease(map, at, value);
    }

    /** Bytes that a record with this payload takes. */
    static int recordLength(int payload) {
        return HEADER + ((payload + 7) & ~7);
    }

    /** A larger result does not go through the ring: four must fit, so that writing and copying overlap. */
    static int maxPayload(int capacity) {
        return capacity / 4 - HEADER;
    }

    /** Bytes of values that a run can hold. */
    static int maxRun(int capacity) {
        return Math.min(maxPayload(capacity) - RUN_PREFIX, MOST_RUN_BYTES) & -UNIT;
    }

    static void check(ByteBuffer map) {
        if (map.getLong(MAGIC_AT) != MAGIC || map.getLong(VERSION_AT) != VERSION) {
            throw new CorruptRingException("not a recorder of layout " + VERSION);
        }
        long capacity = map.getLong(CAPACITY_AT);
        if (Long.bitCount(capacity) != 1 || capacity + RING_AT != map.capacity()) {
            throw new CorruptRingException("a recorder of " + map.capacity() + " bytes with a ring of " + capacity);
        }
    }
}
