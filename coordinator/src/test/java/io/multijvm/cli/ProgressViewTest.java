// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.cli.OutputPlan.Kind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressViewTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(new PrintStream(err, true, UTF_8));
    private OptionalInt columns = OptionalInt.empty();

    private ProgressView view(Kind kind, boolean askedFor) {
        OutputPlan plan = new OutputPlan(kind, askedFor, false, false, Look.PLAIN);
        return new ProgressView(plan, console, () -> columns);
    }

    private static Progress after(double seconds, long done) {
        return new Progress(
                done,
                OptionalLong.of(100),
                0,
                0,
                2,
                Duration.ofMillis((long) (seconds * 1000)),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private List<String> lines() {
        return err.toString(UTF_8).lines().toList();
    }

    @Test
    void aShortRunHasNoLinesUnlessTheyWereAskedFor() {
        ProgressView view = view(Kind.PLAIN, false);
        view.show(after(1, 10));
        view.show(after(9.9, 90));
        assertThat(lines()).isEmpty();

        ProgressView asked = view(Kind.PLAIN, true);
        asked.show(after(0.1, 9));
        asked.show(after(0.2, 10));
        asked.show(after(0.3, 19));
        asked.show(after(0.4, 45));
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(0)).contains(" 10/100 10% ");
        assertThat(lines().get(1)).contains(" 45/100 45% ");
    }

    @Test
    void aLongRunHasALineEveryTenSecondsAndAtEachTenth() {
        ProgressView view = view(Kind.PLAIN, false);
        for (int second = 1; second <= 45; second++) {
            view.show(after(second, second < 25 ? 3 : 12));
        }
        assertThat(lines()).hasSize(5); // at 10 and 20 s, at 25 s for the tenth, then at 35 and 45 s
    }

    @Test
    void everyLineOfJsonProgressIsAnObject() {
        ProgressView view = view(Kind.JSON, true);
        view.show(after(1, 50));
        assertThat(lines())
                .singleElement()
                .asString()
                .matches(
                        "\\{\"schema_version\":1,\"type\":\"progress\",\"time\":\"[^\"]+Z\",\"done\":50,\"total\":100,\"percent\":50,"
                                + "\"failed\":0,\"ok_after_retry\":0,\"workers\":2,\"elapsed_seconds\":1.0\\}");
    }

    @Test
    void aTerminalThatBecomesTooNarrowGetsLinesAndOneThatGrowsABar() {
        ProgressView view = view(Kind.BAR, false);
        columns = OptionalInt.of(20);
        view.show(after(20, 50));
        assertThat(err.toString(UTF_8)).isEqualTo("\r\u001B[K 50% 50/100\r");
        err.reset();
        columns = OptionalInt.of(19);
        view.show(after(20.1, 50));
        assertThat(err.toString(UTF_8))
                .startsWith("\r\u001B[K")
                .contains(" multijvm 50/100 50% ")
                .endsWith("\n");
        err.reset();
        columns = OptionalInt.of(80);
        view.show(after(20.2, 50));
        assertThat(err.toString(UTF_8)).startsWith("\r\u001B[K 50% |");
    }

    @Test
    void noneIsNone() {
        view(Kind.NONE, true).show(after(100, 50));
        assertThat(lines()).isEmpty();
    }
}
