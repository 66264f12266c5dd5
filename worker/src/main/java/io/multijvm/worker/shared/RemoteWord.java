// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.objects.WaitEnding;
import io.multijvm.worker.shared.Waiting.Answer;
import io.multijvm.worker.shared.Waiting.Kind;
import java.util.Optional;

/** A lock whose word this process cannot reach: its owner takes it in the name of this process, and is told when it is released. */
final class RemoteWord extends SharedWord {
    RemoteWord(LockClient client, long lock, String name) {
        super(client, lock, name);
    }

    @Override
    Taken tryTake() {
        try (Waiting waiting = client.open(lock)) {
            client.line().tryFor(lock, waiting.ticket(), Thread.currentThread().getId());
            Answer answer = answer(waiting);
            return answer.kind() == Kind.REFUSED ? Taken.NOT : granted(answer);
        }
    }

    @Override
    Taken take(Patience patience, WaitEnding ending) {
        Waiting waiting = client.open(lock);
        boolean granted = false;
        try (waiting) {
            client.line().waitFor(lock, wait(waiting, false, ending));
            Answer answer = waiting.await(patience);
            if (answer == null) {
                return Taken.NOT;
            }
            Taken taken = granted(answer);
            granted = true;
            return taken;
        } finally {
            if (!granted) { // a grant that crosses with this is taken back by the owner
                client.line().leave(lock, waiting.ticket());
            }
        }
    }

    private Taken granted(Answer answer) {
        if (answer.kind() != Kind.GRANTED) {
            throw end(answer);
        }
        return new Taken(answer.token(), answer.flag());
    }

    @Override
    void release(long token) {
        client.line().unlock(lock, token);
    }

    @Override
    boolean isHeld() {
        return described().flag();
    }

    @Override
    Optional<String> holder() {
        Answer described = described();
        return described.flag() ? Optional.of(described.text()) : Optional.empty();
    }

    @Override
    String holderAsKnown() {
        return "owned on another machine";
    }

    private Answer described() {
        try (Waiting waiting = client.open(lock)) {
            client.line().describe(lock, waiting.ticket());
            Answer answer = answer(waiting);
            if (answer.kind() != Kind.DESCRIBED) {
                throw end(answer);
            }
            return answer;
        }
    }

    /** The owner answers at once, or it is gone, and that is an answer too. */
    private Answer answer(Waiting waiting) {
        Answer answer = waiting.await(Patience.FOR_EVER);
        if (answer == null) {
            throw new AssertionError("a wait for ever ended without an answer");
        }
        return answer;
    }
}
