// SPDX-License-Identifier: Apache-2.0
package examples.api;

import examples.growth.Collatz;
import io.multijvm.Pool;
import java.util.List;

/**
 * Many levels: a range is halved and both halves are given to the pool that runs the task, until a part is small. A pool of
 * two goes as deep as it likes, for a worker that waits for its halves runs them itself where no other is free.
 */
public final class ManyLevels {
    private static final int BLOCKS = 64;

    private ManyLevels() {}

    /** Runs it with the kind of pool that the argument names: processes, threads or serial. */
    public static void main(String[] args) {
        try (Pool pool = PoolKind.open(args, 2)) {
            Collatz.Walk halved = pool.apply(() -> longest(new Range(0, BLOCKS)));
            System.out.println(BLOCKS + " blocks, halved " + levels(BLOCKS) + " times: " + halved.steps()
                    + " steps from " + halved.from());

            Collatz.Walk loop = Collatz.longestInBlock(0);
            for (int block = 1; block < BLOCKS; block++) {
                loop = longer(loop, Collatz.longestInBlock(block));
            }
            System.out.println("the same as in one loop: " + halved.equals(loop));
        }
    }

    /** Blocks from one, inclusive, to another, exclusive. */
    private record Range(int from, int to) {}

    private static Collatz.Walk longest(Range range) {
        if (range.to() - range.from() == 1) {
            return Collatz.longestInBlock(range.from());
        }
        int middle = (range.from() + range.to()) / 2;
        List<Collatz.Walk> halves = Pool.current()
                .map(ManyLevels::longest, List.of(new Range(range.from(), middle), new Range(middle, range.to())));
        return longer(halves.get(0), halves.get(1));
    }

    private static Collatz.Walk longer(Collatz.Walk first, Collatz.Walk second) {
        return second.steps() > first.steps() ? second : first;
    }

    private static int levels(int blocks) {
        return Integer.numberOfTrailingZeros(blocks);
    }
}
