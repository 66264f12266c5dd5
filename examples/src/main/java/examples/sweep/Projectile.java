// SPDX-License-Identifier: Apache-2.0
package examples.sweep;

/**
 * How far something flies that is thrown from the ground through air: a function of four arguments, of which one, two or
 * all four come from the case, and the others stay as they are.
 *
 * <pre>
 * multijvm run multijvm-examples.jar --call examples.sweep.Projectile::atAngle --lines data/angles.txt
 * multijvm run multijvm-examples.jar --call examples.sweep.Projectile::inLine --lines data/throws.txt
 * multijvm run multijvm-examples.jar --call examples.sweep.Projectile::withFrozenInLine --lines data/throws-frozen.txt
 * </pre>
 */
public final class Projectile {
    /** Metres a second. */
    public static final double SPEED = 30;
    /** Of a ball, for each metre: it loses this part of its speed. */
    public static final double DRAG = 0.005;
    /** Of the earth, in metres a second squared. */
    public static final double GRAVITY = 9.81;

    private static final double STEP_SECONDS = 0.001;
    private static final double MOST_SECONDS = 600;

    private Projectile() {}

    /** One varying argument: metres for an angle in degrees, with the usual speed, drag and gravity. */
    public static double atAngle(double angle) {
        return metres(angle, SPEED, DRAG, GRAVITY);
    }

    /** Several: metres for {@code ANGLE SPEED}, such as {@code 42.5 30}. */
    public static double inLine(String line) {
        double[] varying = numbers(line, line);
        return metres(varying[0], varying[1], DRAG, GRAVITY);
    }

    /** Several with frozen ones: metres for {@code ANGLE SPEED | DRAG GRAVITY}, such as {@code 42.5 30 | 0 1.62}. */
    public static double withFrozenInLine(String line) {
        String[] halves = line.split("\\|", -1);
        if (halves.length != 2) {
            throw new IllegalArgumentException("\"" + line + "\" is not ANGLE SPEED | DRAG GRAVITY");
        }
        double[] varying = numbers(halves[0], line);
        double[] frozen = numbers(halves[1], line);
        return metres(varying[0], varying[1], frozen[0], frozen[1]);
    }

    /**
     * Metres until it is down again, by the midpoint method in steps of a millisecond.
     *
     * @param angle degrees above the ground, from 0 to 180; beyond 90 it flies backwards
     * @param speed metres a second, at least 0
     * @param drag part of its speed lost for each metre, at least 0
     * @param gravity metres a second squared, above 0
     */
    public static double metres(double angle, double speed, double drag, double gravity) {
        if (!(angle >= 0 && angle <= 180 && speed >= 0 && drag >= 0 && gravity > 0)) {
            throw new IllegalArgumentException(
                    "no throw has angle " + angle + ", speed " + speed + ", drag " + drag + " and gravity " + gravity);
        }
        // StrictMath, for every JVM to have the same last digit, compiled or not.
        double radians = StrictMath.toRadians(angle);
        double vx = speed * StrictMath.cos(radians);
        double vy = speed * StrictMath.sin(radians);
        double x = 0;
        double y = 0;
        for (double time = 0; time < MOST_SECONDS; time += STEP_SECONDS) {
            double v = StrictMath.sqrt(vx * vx + vy * vy);
            double midX = vx - drag * v * vx * STEP_SECONDS / 2;
            double midY = vy - (gravity + drag * v * vy) * STEP_SECONDS / 2;
            double mid = StrictMath.sqrt(midX * midX + midY * midY);
            double nextX = x + midX * STEP_SECONDS;
            double nextY = y + midY * STEP_SECONDS;
            if (nextY <= 0) {
                // It came down within this step: as far along it as the height was used up.
                return y == nextY ? x : x + (nextX - x) * y / (y - nextY);
            }
            vx -= drag * mid * midX * STEP_SECONDS;
            vy -= (gravity + drag * mid * midY) * STEP_SECONDS;
            x = nextX;
            y = nextY;
        }
        throw new IllegalArgumentException("it is still in the air after " + MOST_SECONDS + " s");
    }

    private static double[] numbers(String two, String line) {
        String[] words = two.strip().split(" +", -1);
        if (words.length != 2) {
            throw new IllegalArgumentException("\"" + line + "\" has not two numbers in \"" + two.strip() + '"');
        }
        return new double[] {Double.parseDouble(words[0]), Double.parseDouble(words[1])};
    }
}
