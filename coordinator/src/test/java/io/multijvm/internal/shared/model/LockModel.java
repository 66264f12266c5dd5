// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared.model;

import static io.multijvm.internal.shared.model.LockState.EPOCH;
import static io.multijvm.internal.shared.model.LockState.HAND_OFF;
import static io.multijvm.internal.shared.model.LockState.ITEMS;
import static io.multijvm.internal.shared.model.LockState.OWNER;
import static io.multijvm.internal.shared.model.LockState.at;
import static io.multijvm.internal.shared.model.LockState.life;

import io.multijvm.internal.shared.model.LockState.At;
import io.multijvm.internal.shared.model.LockState.Life;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of the shared lock and its conditions: a word in memory that clients map, and messages to and from the owner, in
 * order on each client's stream and in none between streams. What must hold: never two holders; a token is above all before it;
 * the next holder is told of a holder's death, once; no barging past a hand-off; and when nothing more can happen, nobody waits
 * for the lock, and nobody awaits an item that is there.
 */
final class LockModel implements Explorer.Model {
    private final Setting setting;
    private final ClientSteps clients;
    private final OwnerSteps owner;

    LockModel(Setting setting) {
        this.setting = setting;
        this.clients = new ClientSteps(setting);
        this.owner = new OwnerSteps(setting);
    }

    @Override
    public int longs() {
        return LockState.longs(setting.clients().size());
    }

    @Override
    public long[] start() {
        return new long[longs()];
    }

    @Override
    public @Nullable String steps(long[] state, Explorer.Steps next) {
        String wrong = twoHolders(state);
        String[] wrongStep = {null};
        Explorer.Steps checked = (what, who, then, sure) -> {
            if (!tokensRise(LockState.word(state), LockState.word(then))) {
                wrongStep[0] = "a token that is not above those before it";
            }
            next.step(what, who, then, sure);
        };
        for (int i = 0; i < setting.clients().size() && wrong == null; i++) {
            wrong = clients.of(state, i, checked);
        }
        if (wrong == null) {
            wrong = owner.of(state, checked);
        }
        return wrong == null ? wrongStep[0] : wrong;
    }

    private static boolean tokensRise(long before, long after) {
        boolean taken = OWNER.of(after) != OWNER.of(before) && OWNER.isIn(after);
        return EPOCH.of(after) == EPOCH.of(before) + (taken ? 1 : 0);
    }

    private @Nullable String twoHolders(long[] state) {
        int holders = 0;
        for (int i = 0; i < setting.clients().size(); i++) {
            if (at(LockState.client(state, i)).holds()) {
                holders++;
                if (OWNER.of(LockState.word(state)) != i + 1) {
                    return "client " + i + " holds what the word says is not its own";
                }
            }
        }
        return holders > 1 ? "two holders" : null;
    }

    @Override
    public @Nullable String wrongWithTheEnd(long[] state) {
        long word = LockState.word(state);
        if (OWNER.isIn(word) || HAND_OFF.isIn(word)) {
            return "the lock is left taken";
        }
        for (int i = 0; i < setting.clients().size(); i++) {
            long client = LockState.client(state, i);
            At at = at(client);
            if (life(client) == Life.ALIVE && at != At.DONE && (at != At.AWAITING || ITEMS.isIn(word))) {
                return "client " + i + " is stuck, " + at
                        + (at == At.AWAITING ? " with an item there: a lost signal" : "");
            }
        }
        return null;
    }
}
