// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.multijvm.wire.mapped.LockCell;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A lock in mapped memory where a process has no heap for what it is to tell the owner. */
@SuppressWarnings("LockNotBeforeTry") // nothing comes between that could throw
@Timeout(60)
class LockInTroubleTest {
    private interface Heard {
        void heard(String what, Object[] arguments);
    }

    private static LockLine line(Heard heard) {
        return (LockLine) Proxy.newProxyInstance(
                LockLine.class.getClassLoader(), new Class<?>[] {LockLine.class}, (proxy, method, arguments) -> {
                    heard.heard(method.getName(), arguments);
                    return null;
                });
    }

    @Test
    void aLockIsFreeWhenWhoWasWokenForItHasNoMemoryToTellThatItHasIt() {
        LockCell cell =
                new LockCell(ByteBuffer.allocateDirect(2 * LockCell.BYTES).alignedSlice(LockCell.BYTES), 0);
        ClientLock here = new LockClient(1, line((what, arguments) -> {})).mapped(1, "lock 1", true, cell, 0);
        List<String> said = new ArrayList<>();
        CompletableFuture<LockClient> waits = new CompletableFuture<>();
        LockClient two = new LockClient(2, line((what, arguments) -> {
            said.add(what);
            if (what.equals("waitFor")) {
                here.unlock();
                waits.join().woken(((LockWait) arguments[1]).ticket(), false);
            } else if (what.equals("got")) {
                throw new OutOfMemoryError("played");
            }
        }));
        waits.complete(two);
        ClientLock there = two.mapped(1, "lock 1", true, cell, 0);
        here.lock();
        assertThat(catchThrowable(there::lock)).isInstanceOf(OutOfMemoryError.class);
        assertThat(said).containsExactly("waitFor", "got", "leave");
        assertThat(here.tryLock()).isTrue();
        here.unlock();
        assertThat(there.tryLock()).isTrue();
        there.unlock();
    }
}
