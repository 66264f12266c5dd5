// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(new PrintStream(err, true, UTF_8));

    private String written() {
        return err.toString(UTF_8);
    }

    @Test
    void aLineStandsWhereTheBarWasAndTheBarBelowIt() {
        console.draw("50%");
        console.println("CRASH");
        console.draw("50%");
        assertThat(written()).isEqualTo("\r\u001B[K50%\r\r\u001B[KCRASH\n\r\u001B[K50%\r");
    }

    @Test
    void aBarThatSaysNothingNewIsNotDrawnAgain() {
        console.draw("50%");
        int bytes = err.size();
        console.draw("50%");
        assertThat(err.size()).isEqualTo(bytes);
    }

    @Test
    void withoutABarNothingButTheLinesIsWritten() {
        console.clear();
        console.println("a");
        console.clear();
        assertThat(written()).isEqualTo("a\n");
    }

    @Test
    void afterTheLastLineNoBarComesBack() {
        console.draw("99%");
        console.last("done");
        console.draw("100%");
        console.println("error: and yet");
        assertThat(written()).isEqualTo("\r\u001B[K99%\r\r\u001B[Kdone\nerror: and yet\n");
    }

    @Test
    void theBarMakesRoomForResultsOnTheSameTerminal() throws IOException {
        console.draw("50%");
        console.besides(err).write("{}\n".getBytes(UTF_8));
        assertThat(written()).isEqualTo("\r\u001B[K50%\r\r\u001B[K{}\n");
    }
}
