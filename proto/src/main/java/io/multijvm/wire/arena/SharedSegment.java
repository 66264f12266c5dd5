// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.arena;

import io.multijvm.wire.mapped.RecorderFile;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One side's mapping of a shared file. The file loses its name before anybody else can know it: the other side opens it
 * through the maker's open descriptor, so whatever is killed whenever, nothing is left behind.
 *
 * <p>Thread-safe. The mapping lives as long as somebody has a lease on it; unmapping it under a reader would end this JVM.
 * Its maker has the first lease, and each region in use one more. The last one to be given back unmaps, and on the maker's
 * side cuts the file to nothing, so that its memory is free even if the other side still has it mapped.
 *
 * <p>Where a file was cut short, a touch behind its end is an {@code InternalError}. Interpreted code throws it at once, and
 * here it becomes an {@code IOException}; compiled code may throw it a little later, in the caller.
 */
public final class SharedSegment {
    /** What one mapping can hold, with room for a header. */
    public static final int MAX_BYTES = 1 << 30;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int PIECE = 1 << 20;
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final MappedByteBuffer map;
    /** Open on the maker's side only. */
    private final @Nullable FileChannel file;

    private final String address;
    private final Runnable onClosed;
    /** Guarded by this; 0 for good. */
    private int leases = 1;

    private SharedSegment(MappedByteBuffer map, @Nullable FileChannel file, String address, Runnable onClosed) {
        this.map = map;
        this.map.order(ByteOrder.nativeOrder());
        this.file = file;
        this.address = address;
        this.onClosed = onClosed;
    }

    /**
     * Makes a file, readable by this user only, maps it, and takes its name away. It takes no space until it is written to:
     * by {@link #reserve} or {@link #writeNew}, which fail in an orderly way where there is none.
     *
     * <p>An interrupt does not end it, and stays.
     *
     * @param path a name that nobody else has
     * @param onClosed called once, when the last lease was given back
     * @throws IOException if it cannot be made, or not be opened by others: there is no {@code /proc}
     */
    public static SharedSegment create(Path path, int bytes, Runnable onClosed) throws IOException {
        if (bytes < Extents.ALIGNMENT || bytes > MAX_BYTES) {
            throw new IllegalArgumentException("bytes " + bytes);
        }
        return Undisturbed.run(() -> created(path, bytes, onClosed));
    }

    private static SharedSegment created(Path path, int bytes, Runnable onClosed) throws IOException {
        FileChannel file = FileChannel.open(
                path,
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                ownersOnly());
        try {
            String address = descriptor(path);
            Files.delete(path);
            return new SharedSegment(file.map(MapMode.READ_WRITE, 0, bytes), file, address, onClosed);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            Files.deleteIfExists(path);
            throw e;
        }
    }

    /** For a new file that this user alone may read and write. */
    static FileAttribute<?>[] ownersOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** Where another process of this user can open a file that this one has open. */
    static String descriptor(Path path) throws IOException {
        Path real = path.toRealPath(LinkOption.NOFOLLOW_LINKS);
        try (DirectoryStream<Path> open = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : open) {
                if (leadsTo(descriptor, real)) {
                    return "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor.getFileName();
                }
            }
        }
        throw new IOException("no descriptor of " + path + " in " + DESCRIPTORS);
    }

    private static boolean leadsTo(Path descriptor, Path file) {
        try {
            return Files.readSymbolicLink(descriptor).equals(file);
        } catch (IOException e) { // closed since it was listed
            return false;
        }
    }

    /** Maps a segment that another process made. */
    public static SharedSegment open(String address, long bytes, boolean writable) throws IOException {
        return Undisturbed.run(() -> opened(address, bytes, writable));
    }

    private static SharedSegment opened(String address, long bytes, boolean writable) throws IOException {
        Set<StandardOpenOption> how =
                writable ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE) : Set.of(StandardOpenOption.READ);
        try (FileChannel file = FileChannel.open(Path.of(address), how)) {
            if (bytes < Extents.ALIGNMENT || bytes > MAX_BYTES || file.size() != bytes) {
                throw new IOException(
                        "a segment of " + bytes + " bytes, whose file " + address + " has " + file.size());
            }
            MappedByteBuffer map = file.map(writable ? MapMode.READ_WRITE : MapMode.READ_ONLY, 0, bytes);
            return new SharedSegment(map, null, address, () -> {});
        }
    }

    /** Where another process of this user can open it while this one holds it. */
    public String address() {
        return address;
    }

    public int bytes() {
        return map.capacity();
    }

    /**
     * The mapping itself, for words that both sides change at any time. Unlike all else here it stays valid after the last
     * lease was given back by {@link #abandon}, for as long as it is referred to.
     */
    public ByteBuffer words() {
        return map;
    }

    /**
     * Gives the last lease back without unmapping: others may be touching the {@link #words}, so that is left to the
     * collector. No other process can open it any more.
     */
    public void abandon() {
        synchronized (this) {
            if (leases != 1) {
                throw new IllegalStateException(leases + " leases on " + address);
            }
            leases = 0;
        }
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                System.getLogger(SharedSegment.class.getName())
                        .log(System.Logger.Level.DEBUG, "the descriptor is closed with this process", e);
            }
        }
        onClosed.run();
    }

    /** Keeps the mapping for one more user. Returns false if it is gone already. */
    public synchronized boolean lease() {
        if (leases == 0) {
            return false;
        }
        leases++;
        return true;
    }

    /** Gives one lease back. */
    public void release() {
        synchronized (this) {
            if (leases == 0) {
                throw new IllegalStateException("a lease on " + address + " was given back twice");
            }
            leases--;
            if (leases > 0) {
                return;
            }
        }
        RecorderFile.unmap(map);
        if (file != null) {
            try (file) {
                file.truncate(0);
            } catch (IOException e) {
                System.getLogger(SharedSegment.class.getName())
                        .log(System.Logger.Level.DEBUG, "the memory is freed when the other side ends", e);
            }
        }
        onClosed.run();
    }

    /**
     * Fills the whole of a new segment with zeros: from now on a touch cannot fail for want of memory. The maker's. An interrupt
     * does not end it, and stays.
     *
     * @throws IOException if there is no room
     */
    public void reserve() throws IOException {
        boolean unused = Undisturbed.run(() -> {
            // another than ours, for an interrupt closes it
            try (FileChannel once = FileChannel.open(Path.of(address), StandardOpenOption.WRITE)) {
                WideFile.fill(once, bytes());
            }
            return true;
        });
    }

    /**
     * Writes into a part for the first time, which reserves its space with the same stroke. The maker's.
     *
     * @throws IOException if there is no room
     */
    public void writeNew(int at, byte[] from, int offset, int length) throws IOException {
        if (file == null) {
            throw new IllegalStateException("only its maker writes what is not reserved");
        }
        ByteBuffer rest = ByteBuffer.wrap(from, offset, length);
        long position = at;
        while (rest.hasRemaining()) {
            // in pieces, for the JDK copies each into memory of its own, which it keeps
            int end = rest.limit();
            rest.limit(Math.min(end, rest.position() + PIECE));
            position += file.write(rest, position);
            rest.limit(end);
        }
    }

    /**
     * Writes into a part that is reserved.
     *
     * @throws IOException if the file was cut short under the mapping
     */
    public void write(int at, byte[] from, int offset, int length) throws IOException {
        try {
            map.put(at, from, offset, length);
        } catch (InternalError e) {
            throw new IOException("shared memory is gone", e);
        }
    }

    /**
     * Copies out.
     *
     * @throws IOException if the file was cut short under the mapping
     */
    public void read(int at, byte[] into, int offset, int length) throws IOException {
        try {
            map.get(at, into, offset, length);
        } catch (InternalError e) {
            throw new IOException("shared memory is gone", e);
        }
    }

    /** One word; what was written before its {@link #set} is seen after this. */
    public long get(int at) throws IOException {
        try {
            return (long) LONG.getAcquire(map, at);
        } catch (InternalError e) {
            throw new IOException("shared memory is gone", e);
        }
    }

    /** One aligned word of a part that is reserved, after all that was written before. */
    public void set(int at, long value) throws IOException {
        try {
            LONG.setRelease(map, at, value);
        } catch (InternalError e) {
            throw new IOException("shared memory is gone", e);
        }
    }
}
