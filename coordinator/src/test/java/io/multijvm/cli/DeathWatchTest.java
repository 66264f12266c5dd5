// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.multijvm.PoolListener;
import io.multijvm.WorkerEnd;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.failure.FailureKind;
import io.multijvm.internal.call.News;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DeathWatchTest {
    private static final PoolListener.Worker FIRST = new PoolListener.Worker(1, 1, 100);
    private static final PoolListener.Worker SECOND = new PoolListener.Worker(1, 2, 101);

    @TempDir
    Path directory;

    private static CrashReport report(Instant at, Path... files) {
        return new CrashReport(
                DeathKind.HALT,
                at,
                "halted with exit code 7 (Runtime.halt)",
                OptionalInt.of(7),
                OptionalInt.empty(),
                CrashReport.Item.of(38, 1, Optional.of(Duration.ofMillis(1500))),
                new CrashReport.Worker(1, 1, 100, 12),
                new CrashReport.Memory(0, 64L << 20, 0, 0),
                "",
                List.of(),
                List.of("a \"quoted\" line"),
                List.of(files),
                "",
                "Look for Runtime.halt.");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void eachDeathIsALineOfAFileThatOnlyItsOwnerReads() throws Exception {
        Path file = directory.resolve("deaths.jsonl");
        try (DeathWatch deaths = DeathWatch.open(file)) {
            deaths.workerEnded(FIRST, WorkerEnd.DIED, Optional.of(report(Instant.EPOCH)));
            deaths.workerEnded(SECOND, WorkerEnd.CLOSED, Optional.empty());
            deaths.keep();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readAllLines(file)).singleElement().satisfies(line -> {
            JsonObject death = JsonParser.parseString(line).getAsJsonObject();
            assertThat(death.get("schema_version").getAsInt()).isEqualTo(1);
            assertThat(death.get("type").getAsString()).isEqualTo("death");
            assertThat(death.get("time").getAsString()).isEqualTo("1970-01-01T00:00:00Z");
            assertThat(death.get("index").getAsLong()).isEqualTo(38);
            assertThat(death.get("kind").getAsString()).isEqualTo("HALT");
            assertThat(death.get("exit_code").getAsInt()).isEqualTo(7);
            assertThat(death.get("ran_seconds").getAsDouble()).isEqualTo(1.5);
            assertThat(death.get("items_done").getAsLong()).isEqualTo(12);
            assertThat(death.get("memory").getAsJsonObject().keySet()).containsExactly("heap_max");
            assertThat(death.get("last_output").getAsJsonArray().get(0).getAsString())
                    .isEqualTo("a \"quoted\" line");
            assertThat(death.has("signal")).isFalse();
        });
    }

    @Test
    void aHeapDumpIsNamedAndLeftWhereItIs() throws Exception {
        Path dump =
                Files.write(Files.createDirectory(directory.resolve("dumps")).resolve("heap-1.hprof"), new byte[100]);
        Path file = directory.resolve("deaths.jsonl");
        try (DeathWatch deaths = DeathWatch.open(file)) {
            deaths.workerEnded(FIRST, WorkerEnd.DIED, Optional.of(report(Instant.EPOCH, dump)));
            deaths.keep();
        }
        assertThat(Files.readString(file)).contains("\"files\":[\"" + dump + "\"]");
        try (var left = Files.list(directory)) {
            assertThat(left).containsExactlyInAnyOrder(file, dump.getParent());
        }
    }

    @Test
    void noDeathIsMissingInTheFileAfterAStormOfCrashesAndFailedItems() throws Exception {
        Path file = directory.resolve("deaths.jsonl");
        List<Runnable> later = new ArrayList<>();
        News news = new News(later::add);
        try (DeathWatch deaths = DeathWatch.open(file)) {
            news.add(deaths);
            for (int storm = 0; storm < 500; storm++) {
                PoolListener.Failure failed = new PoolListener.Failure(storm, 1, FailureKind.TASK);
                for (int item = 0; item < 10; item++) {
                    news.tell(listener -> listener.itemFailed(failed));
                }
                Optional<CrashReport> report = Optional.of(report(Instant.ofEpochSecond(storm)));
                news.tellDeath(listener -> listener.workerEnded(FIRST, WorkerEnd.DIED, report));
            }
            later.forEach(Runnable::run);
            assertThat(deaths.failure()).isEmpty();
        }
        assertThat(Files.readAllLines(file))
                .extracting(line -> JsonParser.parseString(line)
                        .getAsJsonObject()
                        .get("time")
                        .getAsString())
                .containsExactlyElementsOf(IntStream.range(0, 500)
                        .mapToObj(storm -> Instant.ofEpochSecond(storm).toString())
                        .toList());
    }

    @Test
    void aFileThatExistsIsNeverTouchedAndAnEmptyOneOfARunThatCameToNothingDoesNotStay() throws Exception {
        Path file = directory.resolve("deaths.jsonl");
        DeathWatch.open(file).close();
        assertThat(file).doesNotExist();
        DeathWatch ended = DeathWatch.open(file);
        ended.keep();
        ended.close();
        assertThat(file).isEmptyFile();
        assertThatThrownBy(() -> DeathWatch.open(file))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--deaths")
                .hasMessageContaining("exists already");
        assertThatThrownBy(() -> DeathWatch.check(file)).isInstanceOf(UsageException.class);
    }

    @Test
    void aFatalErrorLogIsKeptBesideTheFileForItDoesNotOutliveThePool() throws Exception {
        Path log = directory.resolve("hs_err.log");
        Files.writeString(log, "# A fatal error");
        Path file = directory.resolve("deaths.jsonl");
        try (DeathWatch deaths = DeathWatch.open(file)) {
            deaths.workerEnded(FIRST, WorkerEnd.DIED, Optional.of(report(Instant.EPOCH, log)));
            assertThat(deaths.failure()).isEmpty();
        }
        Path kept = directory.resolve("deaths.jsonl.w1-1.hs_err.log");
        assertThat(kept).hasContent("# A fatal error");
        assertThat(Files.readString(file)).contains("\"files\":[\"" + kept + "\"]");
    }

    @Test
    void aLogThatCannotBeKeptIsAFailureAndNotASilence() throws Exception {
        Path file = directory.resolve("deaths.jsonl");
        try (DeathWatch deaths = DeathWatch.open(file)) {
            deaths.workerEnded(
                    FIRST, WorkerEnd.DIED, Optional.of(report(Instant.EPOCH, directory.resolve("gone.log"))));
            assertThat(deaths.failure()).isPresent();
        }
    }

    @Test
    void aReplacementIsTheNextProcessOfTheSamePlace() {
        DeathWatch deaths = DeathWatch.open(null);
        CrashReport report = report(Instant.now().minusMillis(400));
        deaths.workerReady(FIRST);
        assertThat(deaths.replacedAfter(report)).isEmpty();
        deaths.workerReady(new PoolListener.Worker(0, 2, 102));
        assertThat(deaths.replacedAfter(report)).isEmpty();
        deaths.workerReady(SECOND);
        assertThat(deaths.replacedAfter(report))
                .hasValueSatisfying(time -> assertThat(time).isBetween(Duration.ofMillis(400), Duration.ofSeconds(30)));
    }
}
