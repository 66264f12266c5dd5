// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import io.multijvm.failure.ItemOutput;
import io.multijvm.internal.result.Printed;
import io.multijvm.wire.mapped.OutputRange;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What the items of one worker wrote, as long as somebody may ask for it. A text is read when it is asked for, or before its
 * bytes go: when the files are cut, or deleted with their worker. So an item whose output nobody wants costs no reading, and one
 * whose future or failure nobody has any more not even that. Thread-safe.
 */
final class PrintedTexts {
    private final OutputFiles files;
    /** Since the last look; by the event loop, which must not wait for a file. */
    private final Queue<WeakReference<Text>> added = new ConcurrentLinkedQueue<>();
    /** Those that may still be asked for. Guarded by this. */
    private List<WeakReference<Text>> unread = new ArrayList<>();

    PrintedTexts(OutputFiles files) {
        this.files = files;
    }

    /** The text in that range. Reads nothing, and never waits. */
    Printed of(OutputRange range, OutputFiles.Bounds bounds) {
        if (files.equals(OutputFiles.NONE)) {
            return Printed.NOTHING;
        }
        Text text = new Text(files, range, bounds);
        added.add(new WeakReference<>(text));
        return text;
    }

    /** Forgets the texts that nobody can ask for any more, and those that were read. For a timer. */
    synchronized void prune() {
        for (WeakReference<Text> one = added.poll(); one != null; one = added.poll()) {
            unread.add(one);
        }
        List<WeakReference<Text>> left = new ArrayList<>();
        for (WeakReference<Text> one : unread) {
            Text text = one.get();
            if (text != null && !text.isRead()) {
                left.add(one);
            }
        }
        unread = left;
    }

    /** Reads what may still be asked for, for the files are about to lose it. */
    synchronized void readAll() {
        prune();
        for (WeakReference<Text> one : unread) {
            Text text = one.get();
            if (text != null) {
                text.read();
            }
        }
        unread = new ArrayList<>();
    }

    /** One item's. */
    private static final class Text implements Printed {
        /** Null once it was read. Guarded by this. */
        private @Nullable OutputFiles files;

        private final OutputRange range;
        private final OutputFiles.Bounds bounds;
        private volatile @Nullable ItemOutput text;

        Text(OutputFiles files, OutputRange range, OutputFiles.Bounds bounds) {
            this.files = files;
            this.range = range;
            this.bounds = bounds;
        }

        boolean isRead() {
            return text != null;
        }

        @Override
        public synchronized ItemOutput read() {
            if (text == null) {
                text = Objects.requireNonNull(files).read(range, bounds);
                files = null;
            }
            return Objects.requireNonNull(text);
        }
    }
}
