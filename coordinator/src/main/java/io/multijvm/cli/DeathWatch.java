// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.multijvm.Pool;
import io.multijvm.PoolListener;
import io.multijvm.WorkerEnd;
import io.multijvm.failure.CrashReport;
import io.multijvm.internal.death.DeathRecord;
import io.multijvm.internal.process.CrashReports;
import io.multijvm.internal.process.PrivateFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hears how the workers of a run come and go: writes a line for each death where a file was asked for, with the fatal-error
 * log beside it, which would not outlive the pool; and knows how long it took until a dead one was replaced. The pool tells it
 * in one thread, the run asks in another.
 */
final class DeathWatch implements PoolListener, AutoCloseable {
    static final String FLAG = "--deaths";

    /** Of a run in which thousands of items crash the rest would say the same, and fill the disk. */
    private static final int MOST_LOGS = 100;

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final @Nullable Path file;
    private final @Nullable OutputStream out;

    // guarded by this
    private final Map<Integer, Ready> ready = new HashMap<>();
    private @Nullable IOException failure;
    private int logs;
    private boolean kept;

    /** The process that fills a slot, and since when. */
    private record Ready(int incarnation, Instant since) {}

    private DeathWatch(@Nullable Path file, @Nullable OutputStream out) {
        this.file = file;
        this.out = out;
    }

    /**
     * Opens the file that is to hold the deaths, if there is one.
     *
     * @throws UsageException if it exists or cannot be made
     */
    static DeathWatch open(@Nullable Path file) {
        return new DeathWatch(file, file == null ? null : new ResultsFile(NewFile.channel(FLAG, file)));
    }

    /** @throws UsageException if {@link #open} would refuse the file because it exists */
    static void check(@Nullable Path file) {
        if (file != null && Files.exists(file)) {
            throw NewFile.exists(FLAG, file);
        }
    }

    /** The same pool, of which this hears. */
    Supplier<Pool> listeningTo(Supplier<Pool> pools) {
        return () -> {
            Pool pool = pools.get();
            pool.addListener(this);
            return pool;
        };
    }

    @Override
    public synchronized void workerReady(Worker worker) {
        ready.put(worker.slot(), new Ready(worker.incarnation(), Instant.now()));
    }

    @Override
    public synchronized void workerEnded(Worker worker, WorkerEnd why, Optional<CrashReport> report) {
        if (file == null || out == null || report.isEmpty() || failure != null) {
            return;
        }
        try {
            JsonObject line = line(report.get());
            line.add("files", keptLogs(file, report.get()));
            out.write((GSON.toJson(line) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            failure = e;
        }
    }

    /** Copies what the report names to beside our file, but for what stays where it is. */
    private JsonArray keptLogs(Path beside, CrashReport report) throws IOException {
        JsonArray kept = new JsonArray();
        for (Path log : report.files()) {
            if (CrashReports.isHeapDump(log)) {
                kept.add(log.toString());
                continue;
            }
            if (logs == MOST_LOGS) {
                return kept;
            }
            logs++;
            Path copy = beside.resolveSibling(
                    beside.getFileName() + ".w" + report.slot() + "-" + report.incarnation() + "." + log.getFileName());
            try (OutputStream to = Channels.newOutputStream(PrivateFiles.create(copy))) {
                Files.copy(log, to);
            }
            kept.add(copy.toString());
        }
        return kept;
    }

    private static JsonObject line(CrashReport report) {
        JsonObject line = new JsonObject();
        line.addProperty("schema_version", JsonWording.SCHEMA_VERSION);
        line.addProperty("type", "death");
        line.addProperty("time", report.at().truncatedTo(ChronoUnit.MILLIS).toString());
        report.index().ifPresent(index -> line.addProperty("index", index));
        if (!report.key().isEmpty()) {
            line.addProperty("key", report.key());
        }
        DeathRecord.of(report).entrySet().forEach(member -> line.add(member.getKey(), member.getValue()));
        return line;
    }

    /** How long it took until another worker was ready in the dead one's place; empty as long as none is. */
    synchronized Optional<Duration> replacedAfter(CrashReport report) {
        Ready successor = ready.get(report.slot());
        return successor == null || successor.incarnation() != report.incarnation() + 1
                ? Optional.empty()
                : Optional.of(Duration.between(report.at(), successor.since())).filter(time -> !time.isNegative());
    }

    /** Why the file does not hold all deaths, if that is so. */
    synchronized Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    /** The run reached its end: also an empty file tells something now. */
    synchronized void keep() {
        kept = true;
    }

    /** An empty file of a run that could not begin would only stand in the way of the next try. */
    @Override
    public synchronized void close() throws IOException {
        if (file != null && out != null) {
            out.close();
            if (!kept && Files.size(file) == 0) {
                Files.delete(file);
            }
        }
    }
}
