// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.arena.WideMaker;
import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.objects.QueueHeard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The memory that the elements of one queue lie in. Thread-safe. */
final class QueueFiles {
    private static final long FIRST_BYTES = 64 << 10;
    private static final long MOST_USUAL_BYTES = 16 << 20;
    /** So many large elements share a segment, as far as that is no longer than usual. */
    private static final long LARGE_ONES = 4;

    private static final long PAGE_BYTES = 4 << 10;

    private final WideMaker maker;
    // guarded by this
    private final Map<Integer, File> files = new HashMap<>();
    private int lastNumber;
    private long lastBytes = FIRST_BYTES / 2;
    private boolean closed;

    /** @param madeFor the client that is to place it; 0 when it has */
    private record File(WideFile file, QueueHeard.SegmentAt at, int madeFor) {}

    QueueFiles(WideMaker maker) {
        this.maker = maker;
    }

    /**
     * One more. Takes the system a while.
     *
     * @param madeFor the client that is to place it
     * @throws IOException if there is no room
     */
    QueueHeard.SegmentAt grow(long needed, int madeFor) throws IOException {
        long bytes;
        synchronized (this) {
            long usual = Math.min(MOST_USUAL_BYTES, Math.max(2 * lastBytes, LARGE_ONES * needed));
            bytes = Math.max(usual, needed) + PAGE_BYTES - 1 & -PAGE_BYTES;
        }
        WideFile file;
        try {
            file = maker.wide(bytes);
        } catch (IOException e) { // there may be room for less
            bytes = needed + PAGE_BYTES - 1 & -PAGE_BYTES;
            file = maker.wide(bytes);
        }
        synchronized (this) {
            if (!closed) {
                lastBytes = Math.min(bytes, MOST_USUAL_BYTES);
                QueueHeard.SegmentAt at = new QueueHeard.SegmentAt(++lastNumber, file.address(), bytes);
                files.put(at.number(), new File(file, at, madeFor));
                return at;
            }
        }
        file.free(true);
        throw new IOException("the queue was closed");
    }

    synchronized QueueHeard.@Nullable SegmentAt find(int number) {
        File file = files.get(number);
        return file == null ? null : file.at();
    }

    /** It belongs to the queue. */
    synchronized void placed(int number) {
        files.computeIfPresent(number, (same, file) -> new File(file.file(), file.at(), 0));
    }

    /** Those that belong to the queue, or that a client that has died would have placed: what is not in use of them is lost. */
    synchronized Set<Integer> ofQueueAnd(int dead) {
        return files.entrySet().stream()
                .filter(each ->
                        each.getValue().madeFor() == 0 || each.getValue().madeFor() == dead)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Nobody touches these any more. Takes the system a while. */
    void free(Collection<Integer> numbers) {
        List<File> taken = new ArrayList<>();
        synchronized (this) {
            for (Integer number : numbers) {
                File file = files.remove(number);
                if (file != null) {
                    taken.add(file);
                }
            }
        }
        taken.forEach(file -> file.file().free(true));
    }

    /** The queue is no more; each that is left goes there. */
    void close(Consumer<WideFile> to) {
        List<File> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(files.values());
            files.clear();
        }
        left.forEach(file -> to.accept(file.file()));
    }
}
