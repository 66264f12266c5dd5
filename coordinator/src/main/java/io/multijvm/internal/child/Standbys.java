// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.child;

import io.multijvm.Machine;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * JVMs that are up and wait for a task. As many as are wanted are kept, and each that is taken or dies is replaced; where
 * three in a row do not come up, no more are started until somebody asks again. Owned by the event loop, but for what says
 * otherwise.
 */
final class Standbys {
    private static final Logger LOG = System.getLogger("io.multijvm");
    private static final int MOST_FAILURES = 3;
    private static final Duration GRACE = Duration.ofSeconds(2);
    /** One that starts takes a core from the one that was just begun, which may be over sooner than that. */
    private static final Duration BEFORE_REPLACING = Duration.ofMillis(50);

    // guarded by the class
    private static @Nullable Standbys shared;

    private final Home home = Home.enter();
    private final Blueprint like;
    private final Set<Child> starting = new LinkedHashSet<>();
    private final Deque<Child> ready = new ArrayDeque<>();
    private final Set<Child> leaving = new LinkedHashSet<>();
    private final Watch watch = new Watch();
    private int wanted;
    private int failures;
    private boolean left;
    /** When none is wanted any more and all are gone. */
    private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
    /** As many as are ready, for whoever asks. */
    private volatile int readyNow;

    private Standbys(Blueprint like) {
        this.like = like;
    }

    /** Keeps so many ready from now on; 0 for none. From any thread; returns at once. */
    static void keep(int count, Blueprint like) {
        synchronized (Standbys.class) {
            Standbys before = shared;
            if (before != null && !(count > 0 && before.like.equals(like))) {
                before.home.hub().execute(() -> before.want(0));
                shared = null;
            }
            if (count > 0) {
                Standbys now = shared == null ? new Standbys(like) : shared;
                shared = now;
                now.home.hub().execute(() -> now.want(count));
            }
        }
    }

    /**
     * Those that wait or come up are killed: this JVM ends. From any thread; returns at once.
     *
     * @return completes when they are gone
     */
    static CompletableFuture<@Nullable Void> endWithThisJvm() {
        synchronized (Standbys.class) {
            Standbys now = shared;
            if (now == null) {
                return CompletableFuture.completedFuture(null);
            }
            shared = null;
            now.home.hub().executeIfUp(now::drop);
            return now.over;
        }
    }

    private void drop() {
        wanted = 0;
        List.copyOf(starting).forEach(Child::drop);
        List.copyOf(ready).forEach(Child::drop);
        leaveIfOver();
    }

    /** How many are ready. From any thread. */
    static int readyNow() {
        synchronized (Standbys.class) {
            return shared == null ? 0 : shared.readyNow;
        }
    }

    /** Those that this JVM keeps now, if it keeps such ones. From any thread. */
    static @Nullable Standbys ofLike(Blueprint like) {
        synchronized (Standbys.class) {
            Standbys now = shared;
            return now != null && now.like.equals(like) ? now : null;
        }
    }

    /** One that is ready, which is its taker's from now on; null if there is none. */
    @Nullable
    Child take() {
        Child taken = ready.pollFirst();
        while (taken != null && !taken.waitsForTask()) {
            taken = ready.pollFirst();
        }
        readyNow = ready.size();
        var unused = home.hub().schedule(this::fill, BEFORE_REPLACING);
        return taken;
    }

    private void want(int count) {
        wanted = count;
        failures = 0;
        while (ready.size() > wanted) {
            dismiss(ready.removeLast());
        }
        fill();
        leaveIfOver();
    }

    /** No more come up at a time than leaves a core to those that work. */
    private void fill() {
        readyNow = ready.size();
        int atOnce = Math.max(1, Machine.cpuCount() / 2);
        while (failures < MOST_FAILURES && starting.size() < atOnce && starting.size() + ready.size() < wanted) {
            starting.add(Nursery.startStandby(home, like, watch));
        }
    }

    private void dismiss(Child child) {
        leaving.add(child);
        child.bye();
        var unused = home.hub().schedule(child::kill, GRACE);
    }

    private void leaveIfOver() {
        if (wanted == 0 && !left && starting.isEmpty() && ready.isEmpty() && leaving.isEmpty()) {
            left = true;
            over.complete(null);
            home.leave();
        }
    }

    /** How they come up and go. */
    private final class Watch implements Child.Changes {
        @Override
        public void waits(Child child) {
            starting.remove(child);
            failures = 0;
            if (ready.size() < wanted) {
                ready.addLast(child);
            } else {
                dismiss(child);
            }
            fill();
        }

        @Override
        public void gone(Child child) {
            if (starting.remove(child) && ++failures == MOST_FAILURES) {
                LOG.log(
                        Level.WARNING,
                        "no process came up that was to be kept ready, {0} times in a row; none is kept until standby(n)"
                                + " is called again, and each start takes as long as a JVM takes",
                        MOST_FAILURES);
            }
            ready.remove(child);
            leaving.remove(child);
            fill();
            leaveIfOver();
        }
    }
}
