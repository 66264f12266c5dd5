// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.mapped;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Makes, maps and unmaps the file. */
public final class RecorderFile {
    /** Enough that a worker seldom waits for its coordinator, little enough to have one for each worker. */
    public static final int DEFAULT_RING_BYTES = 256 << 10;

    private RecorderFile() {}

    /**
     * Makes a new file, readable by this user only, with its space reserved: a sparse one on a full file system would end
     * in an {@code InternalError} at some later touch.
     *
     * @param ringBytes a power of two, at least 4096
     * @throws IOException if there is a file of this name, or no room
     */
    public static void create(Path path, int ringBytes) throws IOException {
        if (Integer.bitCount(ringBytes) != 1 || ringBytes < 4096) {
            throw new IllegalArgumentException("a ring has a power of two of bytes, at least 4096, not " + ringBytes);
        }
        ByteBuffer zeros = ByteBuffer.allocate(Layout.RING_AT + ringBytes).order(ByteOrder.nativeOrder());
        zeros.putLong(Layout.MAGIC_AT, Layout.MAGIC);
        zeros.putLong(Layout.VERSION_AT, Layout.VERSION);
        zeros.putLong(Layout.CAPACITY_AT, ringBytes);
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] mine = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (FileChannel file = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                mine)) {
            while (zeros.hasRemaining()) {
                file.write(zeros);
            }
        } catch (IOException e) {
            if (!(e instanceof java.nio.file.FileAlreadyExistsException)) {
                Files.deleteIfExists(path);
            }
            throw e;
        }
    }

    static MappedByteBuffer map(Path path) throws IOException {
        try (FileChannel file =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            MappedByteBuffer map = file.map(MapMode.READ_WRITE, 0, file.size());
            map.order(ByteOrder.nativeOrder());
            if (map.capacity() <= Layout.RING_AT) {
                throw new CorruptRingException("a recorder of " + map.capacity() + " bytes");
            }
            Layout.check(map);
            return map;
        }
    }

    /** Gives the mapping back at once; where the JDK does not let us, the collector does it later. */
    public static void unmap(MappedByteBuffer map) {
        try {
            Class<?> type = Class.forName("sun.misc.Unsafe");
            var field = type.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            Method cleaner = type.getMethod("invokeCleaner", ByteBuffer.class);
            cleaner.invoke(field.get(null), map);
        } catch (ReflectiveOperationException | RuntimeException e) {
            System.getLogger(RecorderFile.class.getName())
                    .log(System.Logger.Level.DEBUG, "the mapping is left to the collector", e);
        }
    }
}
