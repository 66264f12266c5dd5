// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The signals are calls, the clock is a number, and the exit is a list. */
class StoppingTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong();
    private final List<Integer> exits = new ArrayList<>();
    private final Items items = new RangeItems(0, 100);
    private final StoppableInput input = new StoppableInput(items);
    private final RunReport report = new RunReport(
            new Console(new PrintStream(err, true, UTF_8)),
            new TextWording(Look.PLAIN),
            items,
            1,
            false,
            clock::get,
            new Aftermath(new Repeat(List.of("multijvm", "run", "a.jar")), DeathWatch.open(null), items));
    private final Stopping stopping = new Stopping(input, report, clock::get, exits::add);

    @Test
    void theFirstSignalEndsTheInputAndSaysWhatIsWaitedFor() {
        Iterator<Object> reader = input.iterator();
        reader.next();
        reader.next();
        report.succeeded(1);
        stopping.came(StopSignal.INT);
        assertThat(reader.hasNext()).isFalse();
        assertThat(err.toString(UTF_8)).isEqualTo("stopping: waiting for 1 item; Ctrl-C again to stop now\n");
        assertThat(stopping.signal()).hasValue(StopSignal.INT);
        assertThat(exits).isEmpty();
    }

    @Test
    void anItemThatWasPromisedIsStillGiven() {
        Iterator<Object> reader = input.iterator();
        assertThat(reader.hasNext()).isTrue();
        stopping.came(StopSignal.TERM);
        assertThat(input.given()).isEqualTo(1);
        assertThat(reader.next()).isEqualTo(0L);
        assertThat(reader.hasNext()).isFalse();
        assertThat(input.given()).isEqualTo(1);
    }

    @Test
    void theSecondSignalEndsTheJvmWithItsOwnCode() {
        stopping.came(StopSignal.INT);
        stopping.came(StopSignal.TERM);
        assertThat(exits).containsExactly(143);
    }

    @Test
    void aRunThatOnlyWaitsForItsInputEndsASecondLater() {
        input.iterator().next();
        stopping.came(StopSignal.TERM);
        stopping.tick();
        clock.set(Duration.ofSeconds(9).toNanos());
        stopping.tick();
        assertThat(exits).as("an item still runs").isEmpty();
        report.succeeded(1);
        stopping.tick();
        clock.addAndGet(Duration.ofMillis(999).toNanos());
        stopping.tick();
        assertThat(exits).as("its consumer may be about to end by itself").isEmpty();
        clock.addAndGet(Duration.ofMillis(1).toNanos());
        stopping.tick();
        assertThat(exits).containsExactly(143);
    }

    @Test
    void withoutASignalNothingEnds() {
        stopping.tick();
        clock.set(Duration.ofHours(1).toNanos());
        stopping.tick();
        assertThat(exits).isEmpty();
        assertThat(stopping.drain()).isEmpty();
    }
}
