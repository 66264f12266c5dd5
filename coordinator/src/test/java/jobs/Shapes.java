// SPDX-License-Identifier: Apache-2.0
package jobs;

import java.util.List;
import java.util.Map;

/** Methods that take what JSON can say. */
public final class Shapes {
    public record Point(int x, int y) {}

    public record Shape(String name, List<Point> corners, Map<String, Double> weights) {}

    private Shapes() {}

    /** Uses what only the whole generic type gives: without it the corners would be maps. */
    public static Map<String, Object> describe(Shape shape) {
        int sum = 0;
        for (Point corner : shape.corners()) {
            sum += corner.x() * corner.y();
        }
        double weight = 0;
        for (double each : shape.weights().values()) {
            weight += each;
        }
        return Map.of(shape.name(), sum + weight);
    }

    public static int sum(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).sum();
    }
}
