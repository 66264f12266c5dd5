// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.shared.SharedBarrier;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Meets the others at a barrier again and again, in odd rounds at one and in even ones at the other. When it is broken it notes, for
 * the round, which process is said to have died, 0 if none is, and waits for the next round.
 */
public record Meeting(SharedBarrier odd, SharedBarrier even) implements Seats.Act {
    private static final int LONGEST_NANOS = 500_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern DIED = Pattern.compile("\\(pid (\\d+)\\) has died");

    @Override
    public void play(int seat, Life life, Seats.Orders orders) throws Exception {
        Random random = new Random(life.pid());
        long broken = 0;
        while (!orders.stop()) {
            long round = orders.round();
            if (round == broken || !life.hasRoom()) {
                LockSupport.parkNanos(LONGEST_NANOS);
                continue;
            }
            life.asks();
            try {
                int after = (round % 2 == 1 ? odd : even).await(LIMIT);
                life.has(after + 1L, false, round);
                life.releases();
                life.released();
                LockSupport.parkNanos(random.nextInt(LONGEST_NANOS));
            } catch (BrokenBarrierException e) {
                life.gaveUp();
                Matcher died = DIED.matcher(String.valueOf(e.getMessage()));
                broken = round;
                life.note(round, died.find() ? Long.parseLong(died.group(1)) : 0);
            }
        }
    }
}
