// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

import java.nio.ByteBuffer;

/**
 * A call of a collection, or the answer to one.
 *
 * @param kind code of a {@link CollectionCall} or a {@link CollectionAnswer}
 * @param number what the kind says
 * @param parts never changed after this was made
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Frame(int kind, long number, byte[]... parts) {
    /** Kind, number and how many parts. */
    static final int HEAD_BYTES = 13;

    /** A call. */
    public static Frame of(CollectionCall call, long number, byte[]... parts) {
        return new Frame(call.code(), number, parts);
    }

    /** An answer. */
    public static Frame of(CollectionAnswer answer, long number, byte[]... parts) {
        return new Frame(answer.code(), number, parts);
    }

    /** What it takes on its way. */
    public long bytes() {
        long sum = HEAD_BYTES;
        for (byte[] part : parts) {
            sum += Integer.BYTES + part.length;
        }
        return sum;
    }

    /** As a part. */
    public static byte[] part(long... numbers) {
        ByteBuffer part = ByteBuffer.allocate(numbers.length * Long.BYTES);
        part.asLongBuffer().put(numbers);
        return part.array();
    }

    /** The numbers of a part. */
    public static long[] numbers(byte[] part) {
        long[] numbers = new long[part.length / Long.BYTES];
        ByteBuffer.wrap(part).asLongBuffer().get(numbers);
        return numbers;
    }
}
