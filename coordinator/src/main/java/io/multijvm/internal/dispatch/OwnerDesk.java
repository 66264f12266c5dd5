// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.dispatch;

/** Does what the pool's owner says, or one of several users of it. Owned by the event loop. */
final class OwnerDesk implements OwnerEvent.Handlers {
    private final PoolLife pool;
    private final Crew crew;
    private final CallsInHand calls;
    private final Upkeep upkeep;
    private final Books books;

    OwnerDesk(PoolLife pool, Crew crew, CallsInHand calls, Upkeep upkeep, Books books) {
        this.pool = pool;
        this.crew = crew;
        this.calls = calls;
        this.upkeep = upkeep;
        this.books = books;
    }

    @Override
    public void unshared(OwnerEvent.Unshared e) {
        upkeep.unshared(crew.slots, e.home(), e.id());
    }

    @Override
    public void closing(OwnerEvent.Closing e) {
        pool.stop(e.now());
    }

    @Override
    public void order(OwnerEvent.Order e) {
        if (pool.goesOn()) {
            e.what().accept(crew);
        }
    }

    @Override
    public void userLeaves(OwnerEvent.UserLeaves e) {
        pool.userLeaves(e);
    }

    @Override
    public void asked(OwnerEvent.Asked e) {
        e.answer().complete(books.stats(crew, calls.outstanding()));
    }
}
