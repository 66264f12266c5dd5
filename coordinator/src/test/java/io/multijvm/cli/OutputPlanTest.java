// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.cli.OutputPlan.Colour;
import io.multijvm.cli.OutputPlan.Kind;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputPlanTest {
    private static final Terminal EIGHTY = () -> OptionalInt.of(80);

    private static OutputPlan plan(
            Kind kind, Colour colour, Terminal terminal, Charset charset, Map<String, String> env) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
        return OutputPlan.of(kind, colour, false, false, new Stderr(nowhere, terminal, charset, env));
    }

    /** {@code A=1 B=2} */
    private static Map<String, String> environment(String words) {
        Map<String, String> environment = new HashMap<>();
        for (String word : words.split(" ", -1)) {
            int at = word.indexOf('=');
            if (at > 0) {
                environment.put(word.substring(0, at), word.substring(at + 1));
            }
        }
        return environment;
    }

    @ParameterizedTest
    @CsvSource({
        "TERM=xterm, BAR, true",
        "TERM=xterm NO_COLOR=1, BAR, false",
        "TERM=xterm NO_COLOR=, BAR, true",
        "TERM=xterm CI=true, PLAIN, true",
        "TERM=xterm CI=false, BAR, true",
        "TERM=dumb, PLAIN, false",
        "'', PLAIN, false",
        "TERM=dumb CLICOLOR_FORCE=1, PLAIN, true",
        "TERM=dumb FORCE_COLOR=1 NO_COLOR=1, PLAIN, false",
    })
    void onATerminalTheEnvironmentDecides(String environment, Kind kind, boolean colour) {
        OutputPlan plan = plan(Kind.AUTO, Colour.AUTO, EIGHTY, UTF_8, environment(environment));
        assertThat(plan.progress()).isEqualTo(kind);
        assertThat(plan.look().colour()).isEqualTo(colour);
    }

    @ParameterizedTest
    @CsvSource({"TERM=xterm, false", "TERM=xterm FORCE_COLOR=1, true", "TERM=xterm CLICOLOR_FORCE=0, false"})
    void aPipeGetsLinesAndWordsAndColoursOnlyByForce(String environment, boolean colour) {
        OutputPlan plan = plan(Kind.AUTO, Colour.AUTO, Terminal.NONE, UTF_8, environment(environment));
        assertThat(plan.progress()).isEqualTo(Kind.PLAIN);
        assertThat(plan.look()).isEqualTo(new Look(false, false, colour));
    }

    @Test
    void theFlagsHaveTheLastWord() {
        Map<String, String> ci = environment("TERM=xterm CI=1 NO_COLOR=1");
        OutputPlan forced = plan(Kind.BAR, Colour.ALWAYS, Terminal.NONE, UTF_8, ci);
        assertThat(forced.progress()).isEqualTo(Kind.BAR);
        assertThat(forced.look()).isEqualTo(new Look(true, true, true));
        OutputPlan never = plan(Kind.PLAIN, Colour.NEVER, EIGHTY, UTF_8, environment("TERM=xterm FORCE_COLOR=1"));
        assertThat(never.progress()).isEqualTo(Kind.PLAIN);
        assertThat(never.look().colour()).isFalse();
    }

    @Test
    void aLocaleThatCannotShowOurSignsGetsAscii() {
        Map<String, String> xterm = environment("TERM=xterm");
        assertThat(plan(Kind.AUTO, Colour.NEVER, EIGHTY, US_ASCII, xterm).look())
                .isEqualTo(new Look(true, false, false));
        assertThat(plan(Kind.AUTO, Colour.NEVER, EIGHTY, UTF_8, environment("TERM=xterm LANG=ja_JP.UTF-8"))
                        .look()
                        .unicode())
                .isFalse();
    }

    @Test
    void aTerminalSaysItsSizeInWordsOfStty() {
        assertThat(StderrTerminal.sizeIn("24 132\n")).hasValue(132);
        assertThat(StderrTerminal.sizeIn("0 0\n")).hasValue(80);
        assertThat(StderrTerminal.sizeIn("stty: what?")).isEmpty();
        assertThat(StderrTerminal.sizeIn("")).isEmpty();
    }
}
