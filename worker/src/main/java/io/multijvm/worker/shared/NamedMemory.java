// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedMemory;
import io.multijvm.wire.lineage.ProcessStamp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of raw memory that has a name. Its own name tells whose it is, and by a digest the name that it was given; its
 * first page tells that name itself, and holds the handle by which whoever finds it becomes a user like any other. What is
 * not this user's, or can be changed by others, or whose owner has ended, is not looked at.
 *
 * @param name as it was given
 */
public record NamedMemory(Path path, String name, SharedHandle handle) {
    /** Of the file's own name, before the owner's stamp and {@link #digest}. */
    public static final String PREFIX = "multijvm-memory";

    /** Before the memory begins; a whole page, wherever pages are small. */
    public static final int HEADER_BYTES = 4096;

    private static final int DIGEST_BYTES = 16;
    private static final int MOST_NAME_CHARS = 200;
    private static final long MAGIC = 0x6d6a_766d_6d65_6d31L;
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int TYPE = 0170000;
    private static final int REGULAR_FILE = 0100000;
    private static final Path HOME = Path.of("/dev/shm");
    private static final Pattern FILE = Pattern.compile(PREFIX + "-([0-9]+-[0-9]+-[0-9a-z]+)-[0-9a-f]+");

    /**
     * The name, if it is one.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static String checked(String name) {
        if (name.isBlank() || name.length() > MOST_NAME_CHARS) {
            throw new IllegalArgumentException(
                    "name '" + name + "': it must have 1 to " + MOST_NAME_CHARS + " characters, and not be blank");
        }
        return name;
    }

    /** Stands for a name in that of a file: hexadecimal digits. */
    public static String digest(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The first page. */
    public static ByteBuffer header(String name, SharedHandle handle) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(MAGIC);
            out.writeUTF(name);
            out.writeUTF(handle.address());
            out.writeLong(handle.manager());
            out.writeUTF(handle.key());
            out.writeLong(handle.object());
            out.writeUTF(handle.kind());
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        if (bytes.size() > HEADER_BYTES) {
            throw new IllegalArgumentException("name '" + name + "' and the hub's address are too long for a page");
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /** Reads a file's first page. */
    static NamedMemory of(Path path) throws IOException {
        byte[] page;
        try (InputStream file = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) { // no interrupt closes that
            page = file.readNBytes(HEADER_BYTES);
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(page));
        if (in.readLong() != MAGIC) {
            throw new IOException(path + " is not shared memory, or was not ready yet");
        }
        String name = in.readUTF();
        return new NamedMemory(
                path, name, new SharedHandle(in.readUTF(), in.readLong(), in.readUTF(), in.readLong(), in.readUTF()));
    }

    /** All of that name whose owners live; more than one only while two are being made at the same time. */
    public static List<NamedMemory> find(String name) {
        List<NamedMemory> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(HOME, PREFIX + "-*-" + digest(name) + "*")) {
            for (Path file : files) {
                read(file).filter(memory -> memory.name().equals(name)).ifPresent(found::add);
            }
        } catch (IOException e) {
            // nobody may look there: then nothing of ours is there
        }
        return found;
    }

    private static Optional<NamedMemory> read(Path file) {
        try {
            return isOursAndAlive(file) ? Optional.of(of(file)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // gone since it was listed, or not ready
        }
    }

    private static boolean isOursAndAlive(Path file) throws IOException {
        Map<String, Object> tells = Files.readAttributes(file, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
        int mode = (Integer) Objects.requireNonNull(tells.get("mode"));
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(tells.get("uid"))
                && (mode & TYPE) == REGULAR_FILE
                && (mode & WRITABLE_BY_OTHERS) == 0
                && owner(file).filter(owner -> !owner.isGone()).isPresent();
    }

    private static Optional<ProcessStamp> owner(Path file) {
        Matcher matcher = FILE.matcher(file.getFileName().toString());
        return matcher.matches() ? ProcessStamp.parse(matcher.group(1)) : Optional.empty();
    }

    /** For messages. */
    public String ownersPid() {
        return owner(path).map(owner -> String.valueOf(owner.pid())).orElse("?");
    }

    /** What stands for it in this process. */
    public static SharedMemory attach(String name, SharedHandle.Resolver resolver) {
        List<NamedMemory> found = find(checked(name));
        if (found.isEmpty()) {
            throw new IllegalArgumentException("name '" + name
                    + "': no living process of this user has made shared memory" + " of that name, or it was unlinked");
        }
        MemoryClient memory = (MemoryClient) resolver.resolve(found.get(0).handle());
        memory.attach();
        var unused = memory.size();
        return memory;
    }
}
