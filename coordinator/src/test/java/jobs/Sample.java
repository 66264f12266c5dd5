// SPDX-License-Identifier: Apache-2.0
package jobs;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** All kinds of methods that a user may name, rightly or wrongly. */
@SuppressWarnings("unused") // called by name
public class Sample {
    public enum Colour {
        RED,
        GREEN
    }

    public record Point(long x, double y) {}

    private static final CountDownLatch TWO_BEGAN = new CountDownLatch(1);

    static {
        // Tells the tests when the class was initialised.
        System.setProperty("jobs.Sample.initialised", "true");
    }

    public static long doubled(long number) {
        return 2 * number;
    }

    public static int length(String line) {
        return line.length();
    }

    public static int bytes(byte[] raw) {
        return raw.length;
    }

    public static String colour(Colour colour) {
        return colour.name().toLowerCase(Locale.ROOT);
    }

    public static Map<String, Object> point(long number) {
        return Map.of("points", List.of(new Point(number, Double.NaN)));
    }

    public static long oddOnly(long number) {
        if (number % 2 == 0) {
            throw new IllegalArgumentException(number + " is even");
        }
        return number;
    }

    public static long sleepsOnTwo(long number) throws InterruptedException {
        if (number == 2) {
            TimeUnit.MINUTES.sleep(5);
        }
        return number;
    }

    /** Zero ends only when two has begun, which of two threads the other begins when it has done one. */
    public static long slowOnZero(long number) throws InterruptedException {
        if (number == 2) {
            TWO_BEGAN.countDown();
        }
        if (number == 0 && !TWO_BEGAN.await(40, TimeUnit.SECONDS)) {
            throw new IllegalStateException("two was not begun");
        }
        return number;
    }

    public static String loader(String line) {
        return Sample.class.getClassLoader().getClass().getSimpleName();
    }

    /** Not the same in every mode, as no job that is compared may be. */
    public static String whereItRan(long number) {
        return Thread.currentThread().getName();
    }

    /** Never returns. */
    public static long waiting(long number) throws InterruptedException {
        new CountDownLatch(1).await();
        return number;
    }

    public static String both(String line) {
        return "String " + line;
    }

    public static String both(long number) {
        return "long " + number;
    }

    public static String unclear(boolean truth) {
        return "boolean";
    }

    public static String unclear(char letter) {
        return "char";
    }

    public static void nothing(long number) {}

    public static String listed(List<String> lines) {
        return lines.toString();
    }

    public static String thread(Thread thread) {
        return thread.getName();
    }

    public static long two(long a, long b) {
        return a + b;
    }

    public static long none() {
        return 0;
    }

    public long notStatic(long number) {
        return number;
    }

    static long notPublic(long number) {
        return number;
    }
}
