// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import io.multijvm.wire.mapped.LockCell;
import io.multijvm.wire.mapped.LockWord;
import io.multijvm.wire.objects.WaitEnding;
import io.multijvm.worker.shared.Waiting.Answer;
import io.multijvm.worker.shared.Waiting.Kind;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A lock whose word lies in memory that this process maps: taken and released there, and the owner is told only when somebody
 * has to wait. The owner's side tells the whole protocol.
 */
final class MappedWord extends SharedWord {
    private final LockCell cell;
    private final long generation;

    MappedWord(LockClient client, long lock, String name, LockCell cell, long generation) {
        super(client, lock, name);
        this.cell = cell;
        this.generation = generation;
    }

    @Override
    Taken tryTake() {
        return tryTake(false);
    }

    private Taken tryTake(boolean handedOver) {
        while (true) {
            long word = cell.word();
            if (cell.generation() != generation) { // read after the word: see LockCell
                throw client.closed(lock, name);
            }
            if (!LockWord.isFree(word) || (LockWord.handsOff(word) && !handedOver)) {
                return Taken.NOT;
            }
            long held = LockWord.taken(word, client.number());
            // made before it is true: who holds it without knowing stops all
            Taken taken = new Taken(LockWord.epoch(held), LockWord.isAbandoned(word));
            if (cell.change(word, held)) {
                cell.tell(taken.token(), client.pid(), Thread.currentThread().getId(), System.nanoTime());
                return taken;
            }
        }
    }

    @Override
    Taken take(Patience patience, WaitEnding ending) {
        client.checkOwner(name);
        Taken taken = tryTake();
        if (!taken.isTaken()) {
            Taken soon = BriefWait.until(patience, this::takeIfFree);
            taken = soon == null ? queue(patience, ending) : soon;
        }
        return taken;
    }

    private @Nullable Taken takeIfFree() {
        if (!LockWord.isFree(cell.word())) {
            return null;
        }
        Taken taken = tryTake();
        return taken.isTaken() ? taken : null;
    }

    /** Whatever ends it, the owner is told: a wake that nobody answers would hold up all. */
    private Taken queue(Patience patience, WaitEnding ending) {
        Waiting waiting = client.open(lock);
        Taken taken = Taken.NOT;
        boolean toldOfEnd = false;
        try (waiting) {
            boolean inFront = false;
            while (true) {
                client.line().waitFor(lock, wait(waiting, inFront, ending));
                Answer answer = waiting.await(patience);
                if (answer == null) {
                    return Taken.NOT;
                }
                if (answer.kind() != Kind.WOKEN && answer.kind() != Kind.HANDED_OVER) {
                    throw end(answer);
                }
                waiting.next();
                taken = tryTake(answer.kind() == Kind.HANDED_OVER);
                if (taken.isTaken()) {
                    client.line().got(lock, waiting.ticket());
                    toldOfEnd = true;
                    return taken;
                }
                inFront = true;
            }
        } finally {
            if (!toldOfEnd) {
                if (taken.isTaken()) { // there was no memory to tell that, say
                    release(taken.token());
                }
                client.line().leave(lock, waiting.ticket());
            }
        }
    }

    @Override
    void release(long token) {
        long word = cell.word();
        while (LockWord.holder(word) == client.number() && LockWord.epoch(word) == token) {
            if (cell.change(word, LockWord.released(word))) {
                if (LockWord.isWaitedFor(word)) {
                    client.line().released(lock);
                }
                return;
            }
            word = cell.word(); // the owner marked it
        }
        // it was closed meanwhile, and may be another lock by now
    }

    @Override
    boolean isHeld() {
        long word = cell.word();
        if (cell.generation() != generation) {
            throw client.closed(lock, name);
        }
        return !LockWord.isFree(word);
    }

    @Override
    Optional<String> holder() {
        return isHeld() ? Optional.of(told()) : Optional.empty();
    }

    @Override
    String holderAsKnown() {
        long word = cell.word();
        if (cell.generation() != generation) {
            return "closed";
        }
        return LockWord.isFree(word) ? "free" : "held by " + told();
    }

    private String told() {
        return cell.holder()
                .map(holder -> "process " + holder.pid() + ", thread " + holder.thread() + ", for "
                        + TimeUnit.NANOSECONDS.toMillis(Math.max(0, System.nanoTime() - holder.since())) + " ms")
                .orElse("a process that has only just taken it");
    }
}
