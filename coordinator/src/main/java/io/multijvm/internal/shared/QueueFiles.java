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
    /** One that was made for an element that has found room elsewhere meanwhile: the next that is asked for. Null for none. */
    private @Nullable WideFile unplaced;

    private long unplacedBytes;
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
            WideFile there = unplaced;
            if (there != null && unplacedBytes >= needed) {
                unplaced = null;
                return added(there, unplacedBytes, madeFor);
            }
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
                return added(file, bytes, madeFor);
            }
        }
        file.free(true);
        throw new IOException("the queue was closed");
    }

    private QueueHeard.SegmentAt added(WideFile file, long bytes, int madeFor) {
        QueueHeard.SegmentAt at = new QueueHeard.SegmentAt(++lastNumber, file.address(), bytes);
        files.put(at.number(), new File(file, at, madeFor));
        return at;
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

    /**
     * Nobody touches these any more. Takes the system a while. One that was never placed is kept, for where two want to place
     * one at the same time more will soon be wanted; when the queue becomes shorter it is freed with the others.
     */
    void free(Collection<Integer> numbers) {
        List<WideFile> taken = new ArrayList<>();
        synchronized (this) {
            boolean shorter = false;
            for (Integer number : numbers) {
                File file = files.remove(number);
                if (file != null && file.madeFor() != 0 && unplaced == null && isUsual(file)) {
                    unplaced = file.file();
                    unplacedBytes = file.at().bytes();
                } else if (file != null) {
                    taken.add(file.file());
                    shorter |= file.madeFor() == 0;
                }
            }
            if (shorter && unplaced != null) {
                taken.add(unplaced);
                unplaced = null;
            }
        }
        taken.forEach(file -> file.free(true));
    }

    private static boolean isUsual(File file) {
        return file.at().bytes() <= MOST_USUAL_BYTES;
    }

    /** The queue is no more; each that is left goes there. */
    void close(Consumer<WideFile> to) {
        List<WideFile> left = new ArrayList<>();
        synchronized (this) {
            closed = true;
            files.values().forEach(file -> left.add(file.file()));
            files.clear();
            if (unplaced != null) {
                left.add(unplaced);
                unplaced = null;
            }
        }
        left.forEach(to);
    }
}
