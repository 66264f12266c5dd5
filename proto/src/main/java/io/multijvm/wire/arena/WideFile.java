// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.arena;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Memory of any length that processes share, as its maker holds it: a file, open, with all its space taken. Who uses it maps
 * it in parts of {@link #PART_BYTES}; those mappings are left to the collector, for unmapping under a reader would end the
 * JVM. Thread-safe.
 */
public final class WideFile {
    /** Of each mapping but the last. */
    public static final int PART_BYTES = 1 << 30;

    private static final int PIECE = 1 << 20;

    private final FileChannel file;
    private final String address;
    /** Null where it has lost its name. */
    private @Nullable Path name;

    private WideFile(FileChannel file, String address, @Nullable Path name) {
        this.file = file;
        this.address = address;
        this.name = name;
    }

    /**
     * Makes a file of zeros, readable by this user only. All its space is taken at once: a touch cannot fail for want of it. An
     * interrupt does not end it, and stays.
     *
     * @param path a name that nobody else has
     * @param named whether it keeps its name; if not it is gone with this process, and its other users
     * @throws IOException if there is no room, telling how much there is, or it cannot be made
     */
    public static WideFile create(Path path, long bytes, boolean named) throws IOException {
        return Undisturbed.run(() -> created(path, bytes, named));
    }

    private static WideFile created(Path path, long bytes, boolean named) throws IOException {
        long usable = Files.getFileStore(path.toAbsolutePath().getParent()).getUsableSpace();
        if (bytes > usable) {
            throw noRoom(path, bytes, usable, null);
        }
        FileChannel file = FileChannel.open(
                path,
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                SharedSegment.ownersOnly());
        try {
            String address = named ? path.toString() : SharedSegment.descriptor(path);
            if (!named) {
                Files.delete(path);
            }
            reserve(file, path, bytes, usable);
            return new WideFile(file, address, named ? path : null);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            Files.deleteIfExists(path);
            throw e;
        }
    }

    private static void reserve(FileChannel file, Path path, long bytes, long usable) throws IOException {
        try {
            fill(file, bytes);
        } catch (ClosedByInterruptException e) { // that is no want of room
            throw e;
        } catch (IOException e) {
            throw noRoom(path, bytes, usable, e);
        }
    }

    /** With zeros, from its beginning, in pieces. */
    static void fill(FileChannel file, long bytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(PIECE, bytes));
        for (long at = 0; at < bytes; ) {
            zeros.limit((int) Math.min(zeros.capacity(), bytes - at)).position(0);
            at += file.write(zeros, at);
        }
    }

    private static IOException noRoom(Path path, long bytes, long usable, @Nullable IOException cause) {
        String why = cause == null ? "" : ": " + cause.getMessage();
        return new IOException(
                "no room for " + bytes + " bytes of shared memory in " + path.getParent() + ", where " + usable
                        + " were free" + why + "; make it smaller, close what is not needed any more, or enlarge "
                        + path.getParent(),
                cause);
    }

    /** Where another process of this user can open it while this one holds it. */
    public String address() {
        return address;
    }

    /** Writes into it without mapping it; for what must be there before others look. An interrupt does not end it, and stays. */
    public void write(long at, ByteBuffer bytes) throws IOException {
        boolean unused = Undisturbed.run(() -> {
            // another than ours, for an interrupt closes it
            try (FileChannel once = FileChannel.open(Path.of(address), StandardOpenOption.WRITE)) {
                ByteBuffer rest = bytes.duplicate();
                for (long to = at; rest.hasRemaining(); ) {
                    to += once.write(rest, to);
                }
            }
            return true;
        });
    }

    /** Takes its name away: nobody else can open it any more who does not know its address already. */
    public void unname() {
        Path known;
        synchronized (this) {
            known = name;
            name = null;
        }
        if (known != null) {
            try {
                Files.deleteIfExists(known);
            } catch (IOException e) {
                System.getLogger(WideFile.class.getName())
                        .log(System.Logger.Level.DEBUG, "the file is swept after this process", e);
            }
        }
    }

    /**
     * Nobody can open it any more. Its space is free at once if it is cut, else when the last mapping is gone.
     *
     * @param cut only if nobody touches it any more
     */
    public void free(boolean cut) {
        unname();
        try (file) {
            if (cut && file.isOpen()) {
                file.truncate(0);
            }
        } catch (IOException e) {
            System.getLogger(WideFile.class.getName())
                    .log(System.Logger.Level.DEBUG, "the memory is freed when the other side ends", e);
        }
    }

    /** Maps it, here or in another process: in parts that remain valid for as long as they are referred to. */
    public static ByteBuffer[] map(String address, long offset, long bytes) throws IOException {
        return Undisturbed.run(() -> mapped(address, offset, bytes));
    }

    private static ByteBuffer[] mapped(String address, long offset, long bytes) throws IOException {
        ByteBuffer[] parts = new ByteBuffer[Math.toIntExact((bytes + PART_BYTES - 1) / PART_BYTES)];
        try (FileChannel file = open(address, offset + bytes)) {
            for (int part = 0; part < parts.length; part++) {
                long at = (long) part * PART_BYTES;
                parts[part] = file.map(MapMode.READ_WRITE, offset + at, Math.min(PART_BYTES, bytes - at))
                        .order(ByteOrder.nativeOrder());
            }
        }
        return parts;
    }

    /** A mapping of its own, for a range that no part holds whole. */
    public static ByteBuffer window(String address, long at, int bytes) throws IOException {
        return Undisturbed.run(() -> {
            try (FileChannel file = open(address, at + bytes)) {
                return file.map(MapMode.READ_WRITE, at, bytes).order(ByteOrder.nativeOrder());
            }
        });
    }

    private static FileChannel open(String address, long end) throws IOException {
        FileChannel file =
                FileChannel.open(Path.of(address), Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
        if (file.size() < end) {
            try (file) {
                throw new IOException(
                        "shared memory of at least " + end + " bytes, whose file " + address + " has " + file.size());
            }
        }
        return file;
    }
}
