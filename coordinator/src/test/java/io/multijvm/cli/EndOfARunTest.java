// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.CallProgress;
import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.cli.RunPlan.Mode;
import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.failure.PoolBrokenException;
import io.multijvm.failure.WorkerCrashedException;
import io.multijvm.task.Outcome;
import io.multijvm.worker.job.ItemForm;
import io.multijvm.worker.job.MethodTask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a run ends when something else than an item fails. The pool is a script. */
@Timeout(30)
class EndOfARunTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> calls = new ArrayList<>();

    @Test
    void aPoolWhoseWorkersNeverBecomeReadyIsCodeFiveAndOneLine() {
        PoolBrokenException broken =
                new PoolBrokenException("no worker became ready\n\n  | Unrecognized VM option 'Foo'", null);
        assertThat(run(() -> pool(List.of(), broken))).isEqualTo(ExitCode.NO_WORKER);
        assertThat(errLines()).containsExactly("error: no worker became ready | Unrecognized VM option 'Foo'");
        assertThat(calls).containsExactly("terminate");
    }

    @Test
    void aPoolThatCannotEvenBeMadeIsCodeFiveAsWell() {
        ExitCode code = run(() -> {
            throw new PoolBrokenException("no java", null);
        });
        assertThat(code).isEqualTo(ExitCode.NO_WORKER);
        assertThat(errLines()).containsExactly("error: no java");
    }

    @Test
    void aPoolThatRefusesItsOptionsIsAUsageError() {
        assertThatThrownBy(() -> run(() -> {
                    throw new IllegalArgumentException("heap 900g is more\nthan the machine has");
                }))
                .isInstanceOf(UsageException.class)
                .hasMessage("heap 900g is more | than the machine has");
    }

    @Test
    void aPoolThatBreaksOnTheWayKeepsTheResultsBefore() {
        Outcome<Object, String> first = new Outcome.Success<>(0L, 0, 1, "1");
        Outcome<Object, String> second =
                new Outcome.Failure<>(1L, 1, 0, new PoolBrokenException("workers die again and again", null));
        assertThat(run(() -> pool(List.of(first, second), null))).isEqualTo(ExitCode.STOPPED);
        assertThat(out.toString(UTF_8)).isEqualTo("{\"index\":0,\"value\":1}\n");
        assertThat(errLines().get(0)).startsWith("stopped before the end: 1 items");
        assertThat(errLines().get(1)).isEqualTo("error: workers die again and again");
        assertThat(calls).containsExactly("terminate");
    }

    @Test
    void aCrashIsToldWithItemWorkerPidAndNextStepAndARetryIsCounted() {
        CrashReport report = new CrashReport(
                DeathKind.NATIVE_CRASH,
                Instant.EPOCH,
                "killed by SIGSEGV",
                OptionalInt.empty(),
                OptionalInt.of(11),
                CrashReport.Item.of(1, 2, Optional.of(Duration.ofMillis(1840))),
                new CrashReport.Worker(3, 2, 4711, 1571),
                CrashReport.Memory.UNKNOWN,
                "C  [libpdf.so+0x18]",
                List.of(),
                List.of("bad xref"),
                List.of(Path.of("hs_err.log")),
                "",
                "Run the item alone to see it again.");
        Outcome<Object, String> first = new Outcome.Success<>("a.pdf", 0, 2, "1");
        Outcome<Object, String> second = new Outcome.Failure<>("b.pdf", 1, 2, new WorkerCrashedException(report));
        assertThat(run(() -> pool(List.of(first, second), null))).isEqualTo(ExitCode.ITEMS_FAILED);
        assertThat(errLines().subList(0, errLines().size() - 1))
                .containsExactly(
                        "CRASH number b.pdf (item 1, attempt 2, worker 3, pid 4711)",
                        "  what     killed by SIGSEGV",
                        "  where    C  [libpdf.so+0x18]",
                        "  running  1.84 s, worker had done 1571 items",
                        "  effect   its worker is replaced; nothing else lost",
                        "  files    hs_err.log",
                        "           | bad xref",
                        "  repeat   multijvm run a.jar --range=1..2",
                        "  next     Run the item alone to see it again.");
        assertThat(errLines().get(errLines().size() - 1)).contains("1 ok (1 after a retry), 1 failed");
        assertThat(out.toString(UTF_8)).contains("{\"index\":1,\"error\":{\"kind\":\"CRASH\",\"message\":\"item 1: ");
        assertThat(calls).containsExactly("close");
    }

    @Test
    void aFullDiskEndsTheRunThoughItWaitsForAnItemOfHours() throws InterruptedException {
        CountDownLatch terminated = new CountDownLatch(1);
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        Outcome<Object, String> only = new Outcome.Success<>(0L, 0, 1, "1");
        Pool pool = pool(new WaitsAfter(only, terminated), terminated);
        ExitCode code = run(() -> pool, full);
        assertThat(terminated.getCount()).isZero();
        assertThat(code).isEqualTo(ExitCode.INPUT_OUTPUT);
        assertThat(errLines())
                .containsExactly("error: the results cannot be written: No space left on device; the run was stopped");
    }

    private ExitCode run(Supplier<Pool> pools) {
        return run(pools, out);
    }

    private ExitCode run(Supplier<Pool> pools, OutputStream to) {
        RunPlan plan = new RunPlan(
                Mode.PROCESSES, 1, new MemoryFlags(), List.of(), null, null, OptionalInt.empty(), new CallFlags());
        Items items = new RangeItems(0, 2);
        Console console = new Console(new PrintStream(err, true, UTF_8));
        OutputPlan talk = new OutputPlan(OutputPlan.Kind.PLAIN, false, false, false, Look.PLAIN);
        RunReport report = new RunReport(
                console,
                talk.wording(),
                items,
                1,
                false,
                System::nanoTime,
                new Aftermath(new Repeat(List.of("multijvm", "run", "a.jar")), DeathWatch.open(null), items));
        ProgressView view = new ProgressView(talk, console, Terminal.NONE);
        return new Run(
                        plan,
                        new MethodTask("a.B", "c", "long", ItemForm.PLAIN),
                        items,
                        new ResultsWriter(to, false),
                        report,
                        view)
                .execute(pools);
    }

    private List<String> errLines() {
        return err.toString(UTF_8).lines().toList();
    }

    private Pool pool(List<Outcome<Object, String>> outcomes, @Nullable RuntimeException end) {
        Iterator<Outcome<Object, String>> script = outcomes.iterator();
        return pool(
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        if (!script.hasNext() && end != null) {
                            throw end;
                        }
                        return script.hasNext();
                    }

                    @Override
                    public Outcome<Object, String> next() {
                        return script.next();
                    }
                },
                new CountDownLatch(1));
    }

    private Pool pool(Iterator<Outcome<Object, String>> outcomes, CountDownLatch terminated) {
        return (Pool) Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {Pool.class}, (proxy, method, args) -> {
                    String name = method.getName();
                    if (name.equals("with")) {
                        return proxy;
                    }
                    if (name.equals("outcomes")) {
                        return new Script(outcomes);
                    }
                    calls.add(name);
                    if (name.equals("terminate")) {
                        terminated.countDown();
                    }
                    return null;
                });
    }

    /** Gives one outcome; the next comes only when the pool is terminated. */
    private static final class WaitsAfter implements Iterator<Outcome<Object, String>> {
        private final Outcome<Object, String> first;
        private final CountDownLatch terminated;
        private boolean given;

        WaitsAfter(Outcome<Object, String> first, CountDownLatch terminated) {
            this.first = first;
            this.terminated = terminated;
        }

        @Override
        public boolean hasNext() {
            if (!given) {
                return true;
            }
            try {
                assertThat(terminated.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return false;
        }

        @Override
        public Outcome<Object, String> next() {
            given = true;
            return first;
        }
    }

    private record Script(Iterator<Outcome<Object, String>> iterator) implements ResultStream<Outcome<Object, String>> {
        @Override
        public CallProgress progress() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Stream<Outcome<Object, String>> stream() {
            throw new AssertionError("not asked for");
        }

        @Override
        public Optional<Outcome<Object, String>> next(Duration wait) {
            throw new AssertionError("not asked for");
        }

        @Override
        public boolean atEnd() {
            return !iterator.hasNext();
        }

        @Override
        public void close() {}
    }
}
