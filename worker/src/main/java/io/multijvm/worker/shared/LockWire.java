// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.objects.LockSaid;

/** What is said of locks, on the way to their owner. What cannot be said any more is lost: all that wait are told of the end. */
final class LockWire implements LockLine {
    private final OwnerLine owner;

    LockWire(OwnerLine owner) {
        this.owner = owner;
    }

    private void say(long lock, long ticket, LockSaid said) {
        try {
            owner.say(lock, ticket, said);
        } catch (IllegalStateException e) {
            // the owner is gone
        }
    }

    @Override
    public void waitFor(long lock, LockWait wait) {
        say(lock, wait.ticket(), new LockSaid.Wait(wait.inFront(), wait.ending(), wait.thread(), wait.holds()));
    }

    @Override
    public void blocked(long lock, LockWait wait) {
        say(lock, wait.ticket(), new LockSaid.Blocked(wait.ending(), wait.thread(), wait.holds()));
    }

    @Override
    public void tryFor(long lock, long ticket, long thread) {
        say(lock, ticket, new LockSaid.TryFor(thread));
    }

    @Override
    public void released(long lock) {
        say(lock, 0, new LockSaid.Released());
    }

    @Override
    public void got(long lock, long ticket) {
        say(lock, ticket, new LockSaid.Got());
    }

    @Override
    public void unlock(long lock, long token) {
        say(lock, 0, new LockSaid.Unlock(token));
    }

    @Override
    public void leave(long lock, long ticket) {
        say(lock, ticket, new LockSaid.Leave());
    }

    @Override
    public void await(long lock, long condition, long ticket) {
        say(lock, ticket, new LockSaid.Await(condition));
    }

    @Override
    public void signal(long lock, long condition, boolean all) {
        say(lock, 0, new LockSaid.Signal(condition, all));
    }

    @Override
    public void describe(long lock, long ticket) {
        say(lock, ticket, new LockSaid.Describe());
    }

    @Override
    public void close(long lock) {
        owner.closeForAll(lock);
    }

    @Override
    public Object handle(long lock) {
        return owner.handleOf(lock);
    }
}
