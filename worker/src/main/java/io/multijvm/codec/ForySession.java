// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import io.multijvm.task.Codec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.Predicate;
import org.apache.fory.Fory;
import org.apache.fory.config.ForyBuilder;
import org.apache.fory.context.ReadContext;
import org.apache.fory.context.WriteContext;
import org.apache.fory.memory.MemoryBuffer;
import org.apache.fory.resolver.TypeChecker;
import org.jspecify.annotations.Nullable;

/**
 * Values by Fory, for one thread at a time.
 *
 * <p>Writer and reader are two Forys: Fory asks its type checker once per class and instance, so a class that was written
 * would be decoded unasked. Both are driven through their contexts instead of {@code serialize} and {@code deserialize},
 * which wrap an {@code OutOfMemoryError} and put every object read so far into the message of a failure.
 */
final class ForySession implements Codec.Session, TaggedEncoder {
    /** A buffer that grew beyond this is given up after the value. */
    private static final int KEEP_BUFFER_BYTES = 1 << 20;

    private static final int FIRST_BUFFER_BYTES = 512;
    private static final int TOO_LARGE_BYTES = 1 << 30;

    /** Above what a usual thread's stack takes, so that legitimate graphs end where their stack does. */
    private static final int MAX_DEPTH = 10_000;

    /** Elements that need no bytes of their own; every usual one takes at least a byte. */
    private static final int MAX_UNBACKED_ITEMS = 1 << 20;

    private static final byte[] NOTHING = {};

    private final ClassLoader loader;
    private final Predicate<Class<?>> allowed;
    private final HashingBudget hashing = new HashingBudget(HashingBudget.LEAST_STEPS);
    private final MemoryBuffer input = MemoryBuffer.fromByteArray(NOTHING);
    private MemoryBuffer output = MemoryBuffer.newHeapBuffer(FIRST_BUFFER_BYTES);
    private @Nullable WriteContext writer;
    private @Nullable ReadContext reader;

    ForySession(ClassLoader loader, Predicate<Class<?>> allowed) {
        this.loader = loader;
        this.allowed = allowed;
    }

    @Override
    public byte[] encode(@Nullable Object value) {
        output.writerIndex(0);
        return write(value);
    }

    @Override
    public byte[] encodeTagged(byte tag, @Nullable Object value) {
        output.writerIndex(0);
        output.writeByte(tag);
        return write(value);
    }

    private byte[] write(@Nullable Object value) {
        WriteContext context = writer();
        try {
            context.prepare(output, null);
            context.writeRootRef(value);
            return output.getBytes(0, output.writerIndex());
        } catch (RuntimeException e) {
            if (output.size() >= TOO_LARGE_BYTES) {
                throw new TooLargeException(e);
            }
            throw e;
        } finally {
            context.reset();
            if (output.size() > KEEP_BUFFER_BYTES) {
                output = MemoryBuffer.newHeapBuffer(FIRST_BUFFER_BYTES);
            }
        }
    }

    @Override
    public @Nullable Object decode(byte[] bytes, int offset, int length) {
        ReadContext context = reader();
        try {
            input.pointTo(bytes, offset, length);
            input.readerIndex(0);
            hashing.begin(length);
            context.prepare(input, null, false);
            Object value = context.readRootRef();
            if (input.remaining() > 0) {
                throw new IllegalArgumentException(input.remaining() + " bytes follow the value");
            }
            return value;
        } finally {
            context.reset();
            input.pointTo(NOTHING, 0, 0);
        }
    }

    @Override
    public void encode(@Nullable Object value, OutputStream out) throws IOException {
        byte[] bytes = encode(value);
        DataOutputStream data = new DataOutputStream(out);
        data.writeInt(bytes.length);
        data.write(bytes);
        data.flush();
    }

    @Override
    public @Nullable Object decode(InputStream in) throws IOException {
        int length = new DataInputStream(in).readInt();
        if (length < 0) {
            throw new InvalidObjectException("a value's length cannot be " + length);
        }
        // readNBytes allocates as it reads: a length that lies costs nothing
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new InvalidObjectException("the value ends after " + bytes.length + " of " + length + " bytes");
        }
        return decode(bytes, 0, length);
    }

    private WriteContext writer() {
        WriteContext known = writer;
        if (known == null) {
            Fory fory = builder((resolver, name) -> true).build();
            ForySerializers.addPaths(fory);
            ForySerializers.addEntries(fory);
            ForySerializers.addTables(fory);
            finishRegistration(fory);
            known = fory.getWriteContext();
            writer = known;
        }
        return known;
    }

    private ReadContext reader() {
        ReadContext known = reader;
        if (known == null) {
            Fory fory = builder((resolver, name) -> check(name)).build();
            ForySerializers.addPaths(fory);
            ForySerializers.addEntries(fory);
            ForySerializers.addTables(fory);
            ForySerializers.guard(fory, allowed);
            if (allowed != AllowList.everything()) {
                ForyHashGuard.install(fory, hashing);
            }
            finishRegistration(fory);
            known = fory.getReadContext();
            reader = known;
        }
        return known;
    }

    /** Asked before the class is used, with its name in the form of {@link Class#getName}. */
    private boolean check(String name) {
        Class<?> type;
        try {
            type = ClassNames.load(name, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            // Fory would go on to ask the thread's context loader: its answer must not count
            throw new MissingClassException(name, e);
        }
        if (ClassNames.elementOf(type).isPrimitive() || allowed.test(ClassNames.elementOf(type))) {
            return true;
        }
        throw new RefusedClassException(type);
    }

    private ForyBuilder builder(TypeChecker checker) {
        return Fory.builder()
                .withXlang(false)
                .requireClassRegistration(false)
                .withRefTracking(true)
                .withCodegen(false)
                // The compatible mode costs three to ten times as much for records. Both ends run the same classes;
                // where
                // they do not (a jar rebuilt under a running pool), the hash of the fields tells.
                .withCompatible(false)
                .withClassVersionCheck(true)
                .withDeserializeUnknownClass(false)
                .withMaxDepth(MAX_DEPTH)
                .withMaxUnbackedContainerItems(MAX_UNBACKED_ITEMS)
                // an estimate, so twice what this JVM could hold
                .withMaxGraphMemoryBytes(2 * Math.min(Runtime.getRuntime().maxMemory(), Long.MAX_VALUE / 2))
                .withClassLoader(loader)
                .withTypeChecker(checker);
    }

    /** The contexts are meant to be used after Fory's own entry point has closed the registration. */
    private static void finishRegistration(Fory fory) {
        byte[] nothing = fory.serialize((Object) null);
        if (fory.deserialize(nothing) != null) {
            throw new IllegalStateException("null came back as a value: " + Arrays.toString(nothing));
        }
    }
}
