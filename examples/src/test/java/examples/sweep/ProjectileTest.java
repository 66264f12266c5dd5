// SPDX-License-Identifier: Apache-2.0
package examples.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProjectileTest {
    @Test
    void withoutAirItFliesAsFarAsTheFormulaOfThePlainParabolaSays() {
        for (double angle = 5; angle <= 85; angle += 10) {
            for (double speed = 5; speed <= 60; speed += 11) {
                double parabola = speed * speed * Math.sin(2 * Math.toRadians(angle)) / 9.81;
                assertThat(Projectile.metres(angle, speed, 0, 9.81)).isCloseTo(parabola, within(1e-3));
            }
        }
    }

    @Test
    void inAirItFliesAsFarAsManySmallStepsOfAnotherMethodSay() {
        for (double angle = 5; angle <= 85; angle += 20) {
            assertThat(Projectile.atAngle(angle)).isCloseTo(bySmallSteps(angle, 30, 0.005, 9.81), within(0.01));
        }
    }

    @Test
    void oneArgumentSeveralAndSeveralWithFrozenOnesAreTheSameFunction() {
        assertThat(Projectile.inLine("42.5 30")).isEqualTo(Projectile.atAngle(42.5));
        assertThat(Projectile.withFrozenInLine("42.5 30 | 0.005 9.81")).isEqualTo(Projectile.atAngle(42.5));
        assertThat(Projectile.withFrozenInLine("42.5 30 | 0 1.62"))
                .isCloseTo(900 * Math.sin(Math.toRadians(85)) / 1.62, within(1e-3));
    }

    @Test
    void aThrowThatCannotBeIsRefused() {
        assertThatThrownBy(() -> Projectile.atAngle(200)).hasMessageStartingWith("no throw has angle 200.0");
        assertThatThrownBy(() -> Projectile.atAngle(Double.NaN)).hasMessageStartingWith("no throw has angle NaN");
        assertThatThrownBy(() -> Projectile.inLine("42")).hasMessage("\"42\" has not two numbers in \"42\"");
        assertThatThrownBy(() -> Projectile.withFrozenInLine("42 30"))
                .hasMessageContaining("ANGLE SPEED | DRAG GRAVITY");
        assertThatThrownBy(() -> Projectile.metres(90, 1000, 0, 0.1)).hasMessageStartingWith("it is still in the air");
    }

    /** Euler's method with steps so small that its error does not count; the last step is not cut. */
    private static double bySmallSteps(double angle, double speed, double drag, double gravity) {
        double step = 1e-6;
        double[] v = {speed * Math.cos(Math.toRadians(angle)), speed * Math.sin(Math.toRadians(angle))};
        double[] at = {0, 0};
        do {
            double slowed = 1 - drag * Math.hypot(v[0], v[1]) * step;
            at[0] += v[0] * step;
            at[1] += v[1] * step;
            v[0] *= slowed;
            v[1] = v[1] * slowed - gravity * step;
        } while (at[1] > 0);
        return at[0];
    }
}
