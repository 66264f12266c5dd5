// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.codec.UnfitItemException;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A JSON value becomes a method's parameter, by the parameter's generic type. */
class JsonItemsTest {
    public record Point(int x, double y, @Nullable String name) {}

    public record Line(Point from, List<Point> through, Map<String, DayOfWeek> days) {}

    @SuppressWarnings("unused") // called by name
    public static final class Methods {
        private Methods() {}

        public static String text(String text) {
            return "<" + text + ">";
        }

        public static long number(long number) {
            return number + 1;
        }

        public static int small(int number) {
            return number;
        }

        public static boolean truth(boolean truth) {
            return !truth;
        }

        public static String boxed(@Nullable Long number) {
            return "got " + number;
        }

        public static String record(Point point) {
            return point.toString();
        }

        public static String nested(Line line) {
            Point last = line.through().get(line.through().size() - 1);
            return last.x() + " " + Objects.requireNonNull(line.days().get("a")).plus(1);
        }

        public static int list(List<List<Integer>> rows) {
            int sum = 0;
            for (List<Integer> row : rows) {
                for (Integer each : row) {
                    sum += each;
                }
            }
            return sum;
        }

        public static String points(List<Point> points) {
            return points.get(0).getClass().getSimpleName();
        }

        public static String array(int[][] rows) {
            return Arrays.deepToString(rows);
        }

        public static Object anything(Object value) {
            return value;
        }

        public static String number(Map<String, Object> map) {
            return Objects.requireNonNull(map.get("n")).getClass().getSimpleName();
        }

        public static String day(DayOfWeek day) {
            return day.name();
        }

        public static Path parent(Path path) {
            return path.resolveSibling("b");
        }

        public static long time(Instant time) {
            return time.toEpochMilli();
        }

        public static int bytes(byte[] bytes) {
            return bytes.length;
        }
    }

    private static String call(String method, String json) throws Exception {
        var found = Arrays.stream(Methods.class.getMethods())
                .filter(each -> each.getName().equals(method))
                .filter(each -> !method.equals("number")
                        || each.getParameterTypes()[0] == (json.startsWith("{") ? Map.class : long.class))
                .findFirst()
                .orElseThrow();
        return MethodTask.of(found, ItemForm.JSON).applyOrThrow(json);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            text     | "a\\u00e9"                                   | "<aé>"
            text     | 5                                            | "<5>"
            number   | 41                                           | 42
            number   | 9223372036854775806                          | 9223372036854775807
            truth    | true                                         | false
            boxed    | null                                         | "got null"
            record   | {"x":1,"y":2.5}                              | "Point[x=1, y=2.5, name=null]"
            record   | {"y":2,"name":"n","x":1,"more":[1]}          | "Point[x=1, y=2.0, name=n]"
            nested   | {"through":[{"x":1,"y":0},{"x":7,"y":0}],"days":{"a":"SUNDAY"}} | "7 MONDAY"
            list     | [[1,2],[3]]                                  | 6
            points   | [{"x":1,"y":2}]                              | "Point"
            array    | [[1,2],[]]                                   | "[[1, 2], []]"
            anything | {"a":[1,2.5,"x",null,true]}                  | {"a":[1,2.5,"x",null,true]}
            number   | {"n":9007199254740993}                       | "Long"
            day      | "FRIDAY"                                     | "FRIDAY"
            parent   | "d/a"                                        | "d/b"
            time     | "1970-01-01T00:00:01Z"                       | 1000
            bytes    | "AAEC"                                       | 3
            bytes    | [1,2]                                        | 2
            """)
    void aValueBecomesWhatTheMethodTakes(String method, String json, String result) throws Exception {
        assertThat(call(method, json)).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            number   | "x"                      | the value ""x"" is not a long
            small    | 3000000000               | is not an int
            small    | 1.5                      | is not an int
            number   | null                     | null is no value of it
            number   | [1]                      | BEGIN_ARRAY
            truth    | "yes"                    | Expected true or false but was STRING
            record   | {"x":1}                  | Point needs a value for y
            record   | {"x":null,"y":1}         | x
            record   | [1,2]                    | BEGIN_ARRAY
            record   | 7                        | is not a Point
            nested   | {"through":[{"x":"q","y":0}]} | "q"
            nested   | {"days":{"a":"Sunday"}}  | "Sunday" is none of MONDAY, TUESDAY
            list     | [[1,"a"]]                | "a"
            list     | {"a":1}                  | is not a List
            day      | "FRI"                    | "FRI" is none of MONDAY
            time     | "today"                  | "today" is not an Instant
            bytes    | "%"                      | Base64
            """)
    void aValueThatDoesNotFitIsRefusedWithTheReason(String method, String json, String reason) {
        assertThatThrownBy(() -> call(method, json))
                .isInstanceOf(UnfitItemException.class)
                .hasMessageStartingWith("the value ")
                .hasMessageContaining(reason)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("http", "\n", "line 1"));
    }

    @Test
    void conversionsKnowBeforehandWhatNoJsonValueCanBe() {
        assertThat(Conversions.takesJson(Point.class)).isTrue();
        assertThat(Conversions.takesJson(Map.class)).isTrue();
        assertThat(Conversions.takesJson(String[].class)).isTrue();
        assertThat(Conversions.takesJson(Path.class)).isTrue();
        assertThat(Conversions.takesJson(Integer.class)).isTrue();
        assertThat(Conversions.takesJson(Thread.class)).isFalse();
        assertThat(Conversions.takesJson(Runnable.class)).isFalse();
        assertThat(Conversions.takesJson(Process[].class)).isFalse();
    }
}
