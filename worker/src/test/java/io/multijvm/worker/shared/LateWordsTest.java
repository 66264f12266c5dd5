// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedLock;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.LockHeard;
import io.multijvm.wire.objects.LockSaid;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.Said;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What is said of an object that somebody else is just closing is answered by its end, under the ticket of who said it; a wait
 * for a lock of the same manager, which may have the same number among those for locks, goes on.
 */
@Timeout(60)
class LateWordsTest {
    private static final long LOCK = 8;
    private static final long ANOTHER = 9;

    /** Gives its locks when the test says so. */
    private static final class Owner extends OwnerLine {
        final CompletableFuture<Long> waits = new CompletableFuture<>();

        Owner() {
            super(1, "00");
        }

        SharedLock lock(long number) {
            return (SharedLock) client(new SharedHandle("unix:/nowhere", 1, "00", number, ObjectKind.LOCK.name()))
                    .face();
        }

        @Override
        public int client() {
            return 2;
        }

        @Override
        public void say(long object, long ticket, Said what) {
            if (what instanceof Said.Open) {
                heard(object, ticket, new Heard.Opened(null, 1));
            } else if (what instanceof LockSaid.TryFor) {
                heard(object, ticket, new LockHeard.Busy());
            } else if (what instanceof LockSaid.Wait) {
                waits.complete(ticket);
            }
        }

        @Override
        protected ValueCodec codec() {
            throw new AssertionError("nothing is encoded here");
        }
    }

    private final Owner owner = new Owner();

    /** @param closed what is closed meanwhile */
    private void aWaitForALockGoesOn(long closed) throws Exception {
        CompletableFuture<Long> waits = CompletableFuture.supplyAsync(() -> {
            SharedLock lock = owner.lock(LOCK);
            lock.lock();
            return lock.token();
        });
        long ticket = owner.waits.get(30, TimeUnit.SECONDS);
        owner.heard(closed, ticket, new Heard.Closed("another closed it"));
        owner.heard(LOCK, ticket, new LockHeard.Granted(77, false));
        assertThat(waits.get(30, TimeUnit.SECONDS)).isEqualTo(77);
    }

    @Test
    void aWaitForALockGoesOnWhenAnObjectThatIsNotKnownAnyMoreAnswersUnderItsTicket() throws Exception {
        aWaitForALockGoesOn(ANOTHER);
    }

    @Test
    void aWaitForALockGoesOnWhenAnotherLockAnswersUnderItsTicket() throws Exception {
        assertThat(owner.lock(ANOTHER).tryLock()).isFalse();
        aWaitForALockGoesOn(ANOTHER);
    }

    @Test
    void aWaitForALockEndsWithThatLock() throws Exception {
        assertThat(CompletableFuture.runAsync(() -> {
                            var unused = owner.waits.thenAccept(
                                    ticket -> owner.heard(LOCK, ticket, new Heard.Closed("another closed it")));
                            owner.lock(LOCK).lock();
                        })
                        .handle((done, failure) -> failure)
                        .get(30, TimeUnit.SECONDS))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was closed");
    }
}
