// SPDX-License-Identifier: Apache-2.0
package examples.api;

import examples.sweep.Projectile;
import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.task.Args;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One function over many cases, as pathos has it: one varying argument, several, several with frozen ones, and the
 * progress shown, which goes to stderr.
 */
public final class Sweep {
    private static final double MOON = 1.62;

    private Sweep() {}

    /** Runs it with the kind of pool that the argument names: processes, threads or serial. */
    public static void main(String[] args) {
        List<Double> angles =
                IntStream.rangeClosed(1, 17).mapToObj(each -> each * 5.0).toList();
        List<Args.Two<Double, Double>> cases = new ArrayList<>();
        angles.forEach(angle -> List.of(10.0, 20.0, 30.0).forEach(speed -> cases.add(Args.of(angle, speed))));
        try (Pool pool = PoolKind.open(args, 2)) {
            print("one varying", pool.map(Projectile::atAngle, angles));

            print(
                    "several",
                    pool.starmap(
                            (angle, speed) -> Projectile.metres(angle, speed, Projectile.DRAG, Projectile.GRAVITY),
                            cases));

            // What the lambda captures is frozen: it crosses once to each worker, whatever the cases are.
            double drag = 0;
            double gravity = MOON;
            print("frozen", pool.starmap((angle, speed) -> Projectile.metres(angle, speed, drag, gravity), cases));

            print("progress", withProgress(pool, angles));
        }
    }

    /** Results come one by one, so each can say how far the work is. */
    private static List<Double> withProgress(Pool pool, List<Double> angles) {
        List<Double> metres = new ArrayList<>();
        try (ResultStream<Double> results = pool.imap(Projectile::atAngle, angles)) {
            for (Double each : results) {
                metres.add(each);
                System.err.print("\r" + metres.size() + " of " + angles.size() + " cases");
            }
        }
        System.err.println();
        return metres;
    }

    private static void print(String what, List<Double> metres) {
        double farthest = metres.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        System.out.printf(Locale.ROOT, "%-11s %d cases, farthest %.6f m%n", what, metres.size(), farthest);
    }
}
