// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

import io.multijvm.PoolStats;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the pool's owner says, or one of several users of it. */
sealed interface OwnerEvent extends DispatchEvent {

    /** A value is shared no more. */
    record Unshared(long home, long id) implements OwnerEvent {
        @Override
        public void to(Switch to) {
            to.owner().unshared(this);
        }
    }

    /** No new work: what was submitted is finished, or dropped and ended now. */
    record Closing(boolean now) implements OwnerEvent {
        @Override
        public void to(Switch to) {
            to.owner().closing(this);
        }
    }

    /** The pool's owner wants something of its workers. */
    record Order(Consumer<Crew> what) implements OwnerEvent {
        @Override
        public void to(Switch to) {
            to.owner().order(this);
        }
    }

    /** One of several users of the pool has no new work; {@code left} completes when what it submitted is finished. */
    record UserLeaves(Object owner, boolean now, CompletableFuture<@Nullable Void> left) implements OwnerEvent {
        @Override
        public void to(Switch to) {
            to.owner().userLeaves(this);
        }
    }

    /** Somebody wants to know how the pool is. */
    record Asked(CompletableFuture<PoolStats> answer) implements OwnerEvent {
        @Override
        public void to(Switch to) {
            to.owner().asked(this);
        }
    }

    /** The part of the switch over these. */
    interface Handlers {
        void unshared(Unshared e);

        void closing(Closing e);

        void order(Order e);

        void userLeaves(UserLeaves e);

        void asked(Asked e);
    }
}
