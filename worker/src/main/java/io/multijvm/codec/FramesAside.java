// SPDX-License-Identifier: Apache-2.0
package io.multijvm.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A throwable and its causes without their frames, for a moment. */
final class FramesAside {
    private static final int MAX_CAUSES = 50;
    private static final StackTraceElement[] NONE = {};

    private final List<Throwable> chain = new ArrayList<>();
    private final List<StackTraceElement[]> frames = new ArrayList<>();

    private FramesAside() {}

    static FramesAside of(Throwable thrown) {
        FramesAside aside = new FramesAside();
        Throwable current = thrown;
        while (current != null && aside.chain.size() < MAX_CAUSES) {
            aside.chain.add(current);
            aside.frames.add(current.getStackTrace());
            current = Throwables.causeOf(current);
        }
        return aside;
    }

    /** Takes the frames off, runs, and puts them back whatever happens: the task may still hold the exception. */
    <T> T during(Supplier<T> action) {
        try {
            chain.forEach(thrown -> thrown.setStackTrace(NONE));
            return action.get();
        } finally {
            // backwards: in a cycle the first copy is the true one, and it is put back last
            for (int i = chain.size() - 1; i >= 0; i--) {
                chain.get(i).setStackTrace(frames.get(i));
            }
        }
    }
}
