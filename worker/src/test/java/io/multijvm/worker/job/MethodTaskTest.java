// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MethodTaskTest {
    @SuppressWarnings("unused") // called by name
    public static final class Methods {
        private Methods() {}

        public static String text(String line) {
            return "<" + line + ">";
        }

        public static long number(long number) {
            return number + 1;
        }

        public static int small(int number) {
            return number;
        }

        public static byte tiny(Byte number) {
            return number;
        }

        public static double real(double number) {
            return number / 2;
        }

        public static boolean truth(boolean truth) {
            return !truth;
        }

        public static char letter(char letter) {
            return Character.toUpperCase(letter);
        }

        public static @Nullable Path parent(Path path) {
            return path.getParent();
        }

        public static DayOfWeek next(DayOfWeek day) {
            return day.plus(1);
        }

        public static BigDecimal exact(BigDecimal number) {
            return number.add(BigDecimal.ONE);
        }

        public static int bytes(byte[] raw) {
            return raw.length;
        }

        public static void nothing(String line) {}

        public static String fails(String line) throws IOException {
            throw new IOException("cannot read " + line);
        }

        public static String breaks(String line) {
            if (!line.isEmpty()) {
                throw new AssertionError(line);
            }
            return line;
        }

        public static List<Thread> threads(String line) {
            return List.of(Thread.currentThread());
        }
    }

    private static String call(String method, Class<?> parameter, Object item) throws Exception {
        MethodTask task = MethodTask.of(Methods.class.getMethod(method, parameter), ItemForm.PLAIN);
        return crossed(task).applyOrThrow(item);
    }

    @ParameterizedTest
    @MethodSource
    void anItemBecomesWhatTheMethodTakesAndItsResultJson(String method, Class<?> parameter, Object item, String json)
            throws Exception {
        assertThat(call(method, parameter, item)).isEqualTo(json);
    }

    static Stream<Arguments> anItemBecomesWhatTheMethodTakesAndItsResultJson() {
        return Stream.of(
                Arguments.of("text", String.class, "a \"b\" <c>\u2028", "\"<a \\\"b\\\" <c>\\u2028>\""),
                Arguments.of("text", String.class, 5L, "\"<5>\""),
                Arguments.of("number", long.class, " 41 ", "42"),
                Arguments.of("number", long.class, Long.MAX_VALUE - 1, "9223372036854775807"),
                Arguments.of("small", int.class, 7L, "7"),
                Arguments.of("tiny", Byte.class, "-128", "-128"),
                Arguments.of("real", double.class, "3", "1.5"),
                Arguments.of("real", double.class, 5L, "2.5"),
                Arguments.of("real", double.class, "NaN", "\"NaN\""),
                Arguments.of("truth", boolean.class, "True", "false"),
                Arguments.of("letter", char.class, "x", "\"X\""),
                Arguments.of("parent", Path.class, "a/b.pdf", "\"a\""),
                Arguments.of("parent", Path.class, "b.pdf", "null"),
                Arguments.of("next", DayOfWeek.class, "SUNDAY", "\"MONDAY\""),
                Arguments.of("exact", BigDecimal.class, "0.10", "1.10"),
                Arguments.of("bytes", byte[].class, "\u00e9", "2"),
                Arguments.of("bytes", byte[].class, new byte[] {(byte) 0xFF}, "1"),
                Arguments.of("nothing", String.class, "", "null"));
    }

    @ParameterizedTest
    @MethodSource
    void anItemThatDoesNotFitIsRefusedAndQuoted(String method, Class<?> parameter, Object item, String message) {
        assertThatThrownBy(() -> call(method, parameter, item))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    static Stream<Arguments> anItemThatDoesNotFitIsRefusedAndQuoted() {
        return Stream.of(
                Arguments.of("number", long.class, "4x", "the line \"4x\" is not a long"),
                Arguments.of("small", int.class, "3000000000", "the line \"3000000000\" is not an int"),
                Arguments.of("small", int.class, 3_000_000_000L, "3000000000 does not fit into an int"),
                Arguments.of("tiny", Byte.class, 128L, "128 does not fit into a Byte"),
                Arguments.of("truth", boolean.class, "yes", "the line \"yes\" is not a boolean"),
                Arguments.of("letter", char.class, "ab", "the line \"ab\" is not a char"),
                Arguments.of("next", DayOfWeek.class, "Sunday", "is not a DayOfWeek: one of MONDAY, TUESDAY"),
                Arguments.of("text", String.class, new byte[] {'a', (byte) 0xFF}, "not valid UTF-8"),
                Arguments.of("number", long.class, "9".repeat(200), "\"" + "9".repeat(80) + "...\""));
    }

    @Test
    void theMethodsOwnExceptionComesOutUnwrapped() {
        assertThatThrownBy(() -> call("fails", String.class, "a.pdf"))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("cannot read a.pdf");
        assertThatThrownBy(() -> call("breaks", String.class, "a.pdf"))
                .isExactlyInstanceOf(AssertionError.class)
                .hasMessage("a.pdf");
    }

    @Test
    void aResultThatHasNoJsonFormFailsItsItemAndNamesTheType() {
        assertThatThrownBy(() -> call("threads", String.class, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be written as JSON")
                .hasMessageContaining("return a string");
    }

    @Test
    void aMethodThatIsNotThereIsNamed() {
        MethodTask task = new MethodTask(Methods.class.getName(), "gone", "long", ItemForm.PLAIN);
        assertThatThrownBy(() -> task.applyOrThrow(1L))
                .isInstanceOf(NoSuchMethodException.class)
                .hasMessageContaining("MethodTaskTest$Methods::gone(long)");
    }

    @Test
    void conversionsKnowBeforehandWhatTheyCanDo() {
        assertThat(Conversions.takesLines(String.class)).isTrue();
        assertThat(Conversions.takesLines(byte[].class)).isTrue();
        assertThat(Conversions.takesLines(DayOfWeek.class)).isTrue();
        assertThat(Conversions.takesLines(Map.class)).isFalse();
        assertThat(Conversions.takesNumbers(long.class)).isTrue();
        assertThat(Conversions.takesNumbers(boolean.class)).isFalse();
        assertThat(Conversions.takesNumbers(Path.class)).isFalse();
    }

    /** Only names cross; whatever was resolved here must be found again over there. */
    private static MethodTask crossed(MethodTask task) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(task);
        }
        assertThat(bytes.toString(StandardCharsets.ISO_8859_1)).doesNotContain("java/lang/reflect");
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (MethodTask) in.readObject();
        }
    }
}
