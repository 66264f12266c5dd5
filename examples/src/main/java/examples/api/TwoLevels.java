// SPDX-License-Identifier: Apache-2.0
package examples.api;

import examples.sweep.Projectile;
import io.multijvm.Pool;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Two levels, as pathos has them: processes outside, one for each planet, and inside of each a pool of threads over the
 * angles. The outer level keeps crashes and memory apart, the inner one shares the worker's.
 */
public final class TwoLevels {
    private static final int THREADS = 2;
    private static final double SPEED = 30;
    private static final List<Double> GRAVITIES = List.of(9.81, 3.71, 1.62);
    private static final List<Double> ANGLES =
            IntStream.rangeClosed(1, 17).mapToObj(each -> each * 5.0).toList();

    private TwoLevels() {}

    /** Runs it with the kind of outer pool that the argument names: processes, threads or serial. */
    public static void main(String[] args) {
        try (Pool planets = PoolKind.open(args, 2)) {
            List<Double> inner = planets.map(TwoLevels::farthestWithThreads, GRAVITIES);
            for (int i = 0; i < inner.size(); i++) {
                System.out.printf(Locale.ROOT, "gravity %.2f  farthest %.3f m%n", GRAVITIES.get(i), inner.get(i));
            }
            List<Double> loop = GRAVITIES.stream().map(TwoLevels::farthest).toList();
            System.out.println("the same as in one loop: " + loop.equals(inner));
        }
    }

    private static double farthestWithThreads(double gravity) {
        try (Pool angles = Pool.threads(THREADS)) {
            return angles.map(angle -> Projectile.metres(angle, SPEED, Projectile.DRAG, gravity), ANGLES).stream()
                    .max(Double::compare)
                    .orElseThrow();
        }
    }

    private static double farthest(double gravity) {
        return ANGLES.stream()
                .map(angle -> Projectile.metres(angle, SPEED, Projectile.DRAG, gravity))
                .max(Double::compare)
                .orElseThrow();
    }
}
