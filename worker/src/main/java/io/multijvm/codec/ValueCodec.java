// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.failure.PayloadException;
import io.multijvm.task.Codec;
import java.io.Serializable;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Values to bytes and back, for one class loader. Thread-safe; keeps sessions for use again.
 *
 * <p>An encoding is one tag byte, then the bytes: {@code 0} by the pool's codec; {@code 1} by Java serialisation, for what
 * the pool's codec does not carry but Java does ({@code java.util.Random}), and for exceptions; {@code 2} a {@code byte[]} as
 * it is, which saves large ones every further copy. An encoding that outgrows an array (2 GiB) is refused.
 *
 * <p>Whatever a codec throws, {@code StackOverflowError} included, comes out as a {@link PayloadException}, and the session
 * is not used again. Only an {@code OutOfMemoryError} passes as it is: it is the worker's, not the value's.
 */
public final class ValueCodec {
    private static final byte BY_POOL_CODEC = 0;
    private static final byte BY_JAVA = 1;
    private static final byte RAW_BYTES = 2;

    /** A session that moved more keeps tables as large as the graph: dropping it is cheaper than keeping them. */
    private static final int KEEP_SESSION_BYTES = 16 << 20;

    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;
    private static final byte[] NOTHING = {};

    /** Set in threads that are decoding what strangers have written. */
    private static final ThreadLocal<Boolean> STRANGERS = new ThreadLocal<>();

    private final ClassLoader loader;
    private final SessionPool sessions;
    private final boolean packs;
    private final boolean ofStrangers;

    /** Thread-safe, as no other. */
    private final JavaSession java;

    /**
     * @param loader finds every class by name
     * @param allowed asked for each class before an object of it is decoded; encoding asks nobody
     */
    public ValueCodec(Codec codec, ClassLoader loader, Predicate<Class<?>> allowed) {
        this(codec, loader, allowed, false);
    }

    private ValueCodec(Codec codec, ClassLoader loader, Predicate<Class<?>> allowed, boolean ofStrangers) {
        this.ofStrangers = ofStrangers;
        this.loader = loader;
        this.packs = codec instanceof ForyCodec || codec instanceof JavaCodec;
        this.sessions = new SessionPool(() -> codec.open(loader, allowed));
        this.java = new JavaSession(loader, allowed);
    }

    /** One for what programs write that nobody here has started: see {@link #isDecodingOfStrangers}. */
    public static ValueCodec ofStrangers(Codec codec, ClassLoader loader, Predicate<Class<?>> allowed) {
        return new ValueCodec(codec, loader, allowed, true);
    }

    /** Whether this thread is decoding what a stranger has written; for classes whose objects lead somewhere. */
    public static boolean isDecodingOfStrangers() {
        return STRANGERS.get() != null;
    }

    public ClassLoader loader() {
        return loader;
    }

    /**
     * Whether values that have a {@link PackedType} may cross packed, past the pool's codec: only where that is one of the two
     * built in, to which it makes no difference. A user's codec sees every value.
     */
    public boolean packs() {
        return packs;
    }

    /** As {@link #encode(Object, String)}, with {@code value} as the first word of the path. */
    public byte[] encode(@Nullable Object value) {
        return encode(value, "value");
    }

    /**
     * The value as bytes.
     *
     * @param rootName what the value is, the first word of a failure's path: {@code task}, {@code item}, {@code result}
     * @throws PayloadException if it cannot cross; names the field path down to the culprit, and what helps
     */
    public byte[] encode(@Nullable Object value, String rootName) {
        if (value instanceof byte[] raw) {
            return encodeRaw(raw, rootName);
        }
        Codec.Session session = sessions.take();
        byte[] bytes;
        try {
            bytes = encode(session, value);
        } catch (RuntimeException | Error e) {
            Throwables.rethrowOutOfMemory(e);
            boolean hopeless = Throwables.find(e, StackOverflowError.class).isPresent()
                    || Throwables.find(e, TooLargeException.class).isPresent();
            byte[] byJava = hopeless ? null : encodeByJava(value);
            if (byJava != null) {
                return byJava;
            }
            throw EncodeFailure.of(value, rootName, e, this::encodeError);
        }
        if (bytes.length < KEEP_SESSION_BYTES) {
            sessions.giveBack(session);
        }
        return bytes;
    }

    /**
     * As {@link #encode(Object, String)}, in two parts that stand for their bytes one behind the other: what saves a large
     * {@code byte[]} a copy. The second is then the value's own array, to be read only, and empty otherwise.
     *
     * @param largeFrom a {@code byte[]} of more bytes than this is large
     */
    public byte[][] encodeInParts(@Nullable Object value, String rootName, int largeFrom) {
        if (value instanceof byte[] raw && raw.length > largeFrom && raw.length < MAX_ARRAY) {
            return new byte[][] {{RAW_BYTES}, raw};
        }
        return new byte[][] {encode(value, rootName), NOTHING};
    }

    private static byte[] encode(Codec.Session session, @Nullable Object value) {
        if (session instanceof TaggedEncoder tagged) {
            return tagged.encodeTagged(BY_POOL_CODEC, value);
        }
        byte[] bytes = session.encode(value);
        byte[] tagged = new byte[Math.addExact(bytes.length, 1)];
        tagged[0] = BY_POOL_CODEC;
        System.arraycopy(bytes, 0, tagged, 1, bytes.length);
        return tagged;
    }

    /**
     * By Java serialisation, whatever the pool's codec; null if that fails. Of an exception it restores frames, causes and
     * suppressed, where Fory makes one whose frames cannot even be set afterwards.
     */
    byte @Nullable [] encodeByJava(@Nullable Object value) {
        if (!(value instanceof Serializable)) {
            return null;
        }
        try {
            return java.encodeTagged(BY_JAVA, value);
        } catch (RuntimeException | Error e) {
            Throwables.rethrowOutOfMemory(e);
            return null;
        }
    }

    private byte[] encodeRaw(byte[] raw, String rootName) {
        if (raw.length >= MAX_ARRAY) {
            throw EncodeFailure.of(raw, rootName, new TooLargeException(null), this::encodeError);
        }
        byte[] tagged = new byte[raw.length + 1];
        tagged[0] = RAW_BYTES;
        System.arraycopy(raw, 0, tagged, 1, raw.length);
        return tagged;
    }

    /** Why this value by itself cannot be encoded; null if it can. */
    private @Nullable Throwable encodeError(Object value) {
        Codec.Session session = sessions.take();
        try {
            session.encode(value);
        } catch (RuntimeException | Error e) {
            Throwables.rethrowOutOfMemory(e);
            return e;
        }
        sessions.giveBack(session);
        return null;
    }

    /**
     * The value in that part of the array.
     *
     * @throws PayloadException if a class is missing or refused, or the bytes hold no value
     */
    public @Nullable Object decode(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            throw DecodeFailure.of("there are no bytes", null);
        }
        byte tag = bytes[offset];
        if (tag == RAW_BYTES) {
            byte[] raw = new byte[length - 1];
            System.arraycopy(bytes, offset + 1, raw, 0, raw.length);
            return raw;
        }
        if (tag != BY_POOL_CODEC && tag != BY_JAVA) {
            throw DecodeFailure.of("its codec tag is " + tag + ", which this version does not know", null);
        }
        Codec.Session session = tag == BY_JAVA ? java : sessions.take();
        Object value;
        try {
            value = decode(session, bytes, offset + 1, length - 1);
        } catch (RuntimeException | Error e) {
            Throwables.rethrowOutOfMemory(e);
            throw DecodeFailure.of(Throwables.reason(e), e);
        }
        if (tag == BY_POOL_CODEC && length < KEEP_SESSION_BYTES) {
            sessions.giveBack(session);
        }
        return value;
    }

    private @Nullable Object decode(Codec.Session session, byte[] bytes, int offset, int length) {
        if (!ofStrangers || isDecodingOfStrangers()) {
            return session.decode(bytes, offset, length);
        }
        STRANGERS.set(true);
        try {
            return session.decode(bytes, offset, length);
        } finally {
            STRANGERS.remove();
        }
    }

    /**
     * The value of those bytes, to be put into a table here: hashing it is bounded, however its parts hold each other.
     *
     * @throws PayloadException as {@link #decode(byte[], int, int)}, and if hashing it would never end
     */
    public @Nullable Object decodeKey(byte[] bytes) {
        Object key = decode(bytes, 0, bytes.length);
        if (!(key instanceof String || key instanceof Number)) { // nearly every key
            HashingBudget hashing = new HashingBudget(HashingBudget.LEAST_STEPS);
            hashing.begin(bytes.length);
            try {
                hashing.charge(key);
            } catch (ExcessiveHashingException e) {
                throw DecodeFailure.of(Throwables.reason(e), e);
            }
        }
        return key;
    }

    /**
     * The value that the source holds; a {@code byte[]} is copied out once and no more.
     *
     * @throws PayloadException if the bytes are lost, a class is missing or refused, or they hold no value
     */
    public @Nullable Object decode(EncodedSource source) {
        byte[] tag = new byte[1];
        source.read(tag, 0, 1);
        int rest = source.length() - 1;
        if (tag[0] == RAW_BYTES) {
            byte[] raw = new byte[rest];
            source.read(raw, 0, rest);
            source.end();
            return raw;
        }
        byte[] bytes = new byte[rest + 1];
        bytes[0] = tag[0];
        source.read(bytes, 1, rest);
        source.end();
        return decode(bytes, 0, bytes.length);
    }
}
