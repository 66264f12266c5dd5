// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.multijvm.shared.Shared;
import io.multijvm.task.SerializableRunnable;
import io.multijvm.task.TaskContext;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.mapped.ItemState;
import io.multijvm.wire.mapped.RecorderReader;
import io.multijvm.wire.v1.Bye;
import io.multijvm.wire.v1.Cancel;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.FromWorker.KindCase;
import io.multijvm.wire.v1.Hello;
import io.multijvm.wire.v1.LargeResult;
import io.multijvm.wire.v1.Payload;
import io.multijvm.wire.v1.Recall;
import io.multijvm.wire.v1.SetUp;
import io.multijvm.wire.v1.SharedValue;
import io.multijvm.wire.v1.ToWorker;
import io.multijvm.wire.v1.Unshare;
import io.multijvm.wire.v1.Want;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real worker process against the least of a coordinator. */
@Timeout(300)
class WorkerMainTest {
    /** As the launcher starts workers that are not on G1, see there. */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCountedLoopSafepoints",
            "-XX:LoopStripMiningIter=1000",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--sun-misc-unsafe-memory-access=allow");

    /** Of what takes long on a busy machine, and takes long each time where it is not as it should be. */
    private static final int TRIES = 30;

    @TempDir
    Path directory;

    @Test
    void aWorkerShowsItsTicketRunsAChunkAndRingsForTheResultsInTheRing() throws Exception {
        try (TestCoordinator coordinator = new TestCoordinator(directory, FLAGS)) {
            Hello hello = coordinator.hear(KindCase.HELLO).getHello();
            assertThat(coordinator.shown()).isEqualTo(coordinator.ticket.shown());
            assertThat(hello.getPid()).isEqualTo(coordinator.worker.pid());
            assertThat(hello.getProtocol()).isEqualTo(Protocol.VERSION);
            assertThat(hello.getMaxHeapBytes()).isPositive();

            coordinator.run((Integer i) -> i * i, 1, 2, 3);
            assertThat(coordinator.nextValue()).isEqualTo(1);
            assertThat(coordinator.nextValue()).isEqualTo(4);
            assertThat(coordinator.nextValue()).isEqualTo(9);
        }
    }

    @Test
    void stdinIsTheWorkersOwnAndATaskFindsItEmpty() throws Exception {
        try (TestCoordinator coordinator = new TestCoordinator(directory, FLAGS)) {
            coordinator.hear(KindCase.HELLO);
            coordinator.run((Integer i) -> System.in.read(), 1);
            assertThat(coordinator.nextValue()).isEqualTo(-1);
        }
    }

    @Test
    void largeItemsAndLargeResultsCrossInFramesAndWholeAndInOrder() throws Exception {
        try (TestCoordinator coordinator = new TestCoordinator(directory, FLAGS)) {
            coordinator.hear(KindCase.HELLO);
            byte[] item = new byte[3 << 20];
            item[item.length - 1] = 42;
            // more than all credit at once
            coordinator.run((byte[] bytes) -> new byte[3 * bytes.length + bytes[bytes.length - 1]], item, new byte[1]);
            LargeResult result = coordinator.hear(KindCase.LARGE_RESULT).getLargeResult();
            assertThat(result.getPosition()).isEqualTo(0);
            assertThat(result.getCarried().getLength()).isEqualTo(3 * item.length + 42 + 1);
            assertThat((byte[]) coordinator.nextValue()).hasSize(3);
        }
    }

    @Test
    void cancelAndRecallReachAnItemThatRuns() throws Exception {
        try (TestCoordinator coordinator = new TestCoordinator(directory, FLAGS)) {
            coordinator.hear(KindCase.HELLO);
            coordinator.run((Integer i) -> untilInterrupted(), 1, 2, 3);
            awaitRunning(coordinator);
            coordinator.send(ToWorker.newBuilder()
                    .setRecall(Recall.newBuilder().setChunkId(1).setAll(true))
                    .build());
            assertThat(coordinator.hear(KindCase.GIVEN_BACK).getGivenBack().getEnd())
                    .isEqualTo(1);
            coordinator.send(ToWorker.newBuilder()
                    .setCancel(Cancel.newBuilder().setChunkId(1).setPosition(0))
                    .build());
            assertThat(coordinator.nextValue()).isEqualTo("interrupted");
        }
    }

    @Test
    void aSharedValueIsAskedForOnceAndAgainWhenItWasTakenBackOrItsWaiterCancelled() throws Exception {
        try (TestCoordinator coordinator = new TestCoordinator(directory, FLAGS)) {
            coordinator.hear(KindCase.HELLO);
            Shared<String> handle = new Shared<>(5, 7, 3, "java.lang.String", new Nowhere());
            Path waits = directory.resolve("waits");
            String file = waits.toString();
            coordinator.run(
                    (Shared<String> shared) -> {
                        if (TaskContext.current().itemIndex() == 1) {
                            tellThatThisThreadWaits(file);
                        }
                        return read(shared);
                    },
                    handle,
                    handle,
                    handle);
            Want want = coordinator.hear(KindCase.WANT).getWant();
            assertThat(List.of(want.getHome(), want.getId())).containsExactly(5L, 7L);
            // the first item gives up
            coordinator.send(ToWorker.newBuilder()
                    .setCancel(Cancel.newBuilder().setChunkId(1).setPosition(0))
                    .build());
            assertThat(coordinator.nextValue())
                    .asString()
                    .startsWith("CancellationException: interrupted while waiting");
            // the second has asked before the answer to the first comes, else it would have to ask the coordinator anew
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(waits));
            coordinator.aTurnOfItsLoopPasses();
            Payload value = Payload.newBuilder()
                    .setInline(ByteString.copyFrom(coordinator.codec.encode("pi")))
                    .build();
            coordinator.send(answer(SharedValue.newBuilder().setValue(value)));
            assertThat(coordinator.nextValue()).isEqualTo("pi");
            assertThat(coordinator.nextValue()).isEqualTo("pi");
            coordinator.send(ToWorker.newBuilder()
                    .setUnshare(Unshare.newBuilder().setHome(5).setId(7))
                    .build());
            coordinator.run((Shared<String> shared) -> read(shared), handle);
            coordinator.hear(KindCase.WANT);
            coordinator.send(answer(SharedValue.newBuilder()));
            assertThat(coordinator.nextValue())
                    .asString()
                    .contains("IllegalStateException: shared value 7", "is closed");
            assertThat(coordinator.heard).as("asked for no more than that").noneMatch(FromWorker::hasWant);
        }
    }

    private static ToWorker answer(SharedValue.Builder value) {
        return ToWorker.newBuilder().setSharedValue(value.setHome(5).setId(7)).build();
    }

    /** Makes the file when this thread waits for a shared value. */
    private static void tellThatThisThreadWaits(String file) {
        Thread task = Thread.currentThread();
        Thread watcher = new Thread(() -> {
            while (task.getState() != Thread.State.WAITING
                    || Arrays.stream(task.getStackTrace())
                            .noneMatch(frame -> frame.getClassName().endsWith("FetchedValues"))) {
                LockSupport.parkNanos(1_000_000);
            }
            try {
                Files.createFile(Path.of(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        watcher.setDaemon(true);
        watcher.start();
    }

    private static String read(Shared<String> shared) {
        try {
            return shared.get();
        } catch (IllegalStateException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    /** The test's side, which is never asked. */
    private static final class Nowhere extends Shared.Home {
        @Override
        protected Object value(Shared<?> handle) {
            throw new AssertionError("not asked");
        }

        @Override
        protected void close(Shared<?> handle) {
            throw new AssertionError("not asked");
        }
    }

    @Test
    void afterGoodbyeTheExitFunctionRunsAndIsTold() throws Exception {
        try (TestCoordinator coordinator = new TestCoordinator(directory, FLAGS)) {
            coordinator.hear(KindCase.HELLO);
            String mark = directory.resolve("mark").toString();
            SerializableRunnable exit = () -> Files.writeString(Path.of(mark), "exit ran");
            coordinator.send(ToWorker.newBuilder()
                    .setSetUp(SetUp.newBuilder()
                            .setExitTimeoutMillis(10_000)
                            .setExit(Payload.newBuilder()
                                    .setInline(ByteString.copyFrom(coordinator.codec.encode(exit)))))
                    .build());
            assertThat(coordinator.hear(KindCase.INITIALISED).getInitialised().getFailure())
                    .isEmpty();
            coordinator.send(ToWorker.newBuilder().setBye(Bye.newBuilder()).build());
            assertThat(coordinator.hear(KindCase.EXIT_ENDED).getExitEnded().getFailure())
                    .isEmpty();
            assertThat(coordinator.exitCode()).isZero();
            assertThat(Path.of(mark)).hasContent("exit ran");
        }
    }

    private static String untilInterrupted() {
        try {
            new CountDownLatch(1).await();
            return "never";
        } catch (InterruptedException e) {
            return "interrupted";
        }
    }

    @Test
    void aTaskThatCallsSystemExitLeavesItsStackAndTheItemAtHand() throws Exception {
        try (TestCoordinator coordinator = new TestCoordinator(directory, FLAGS)) {
            coordinator.hear(KindCase.HELLO);
            coordinator.run((Integer i) -> exits(i), 0, 9);
            assertThat(coordinator.exitCode()).isEqualTo(9);
            assertThat(coordinator.nextValue()).isEqualTo(0);
            RecorderReader.Running atHand = coordinator.recorder.running();
            assertThat(atHand).isEqualTo(new RecorderReader.Running(1, 1, ItemState.RUN, atHand.began()));
            List<String> words = coordinator.recorder.lastWords().lines().toList();
            assertThat(words.get(0)).isEqualTo("System.exit");
            assertThat(words.get(1)).startsWith(WorkerMainTest.class.getName() + ".exits(WorkerMainTest.java:");
        }
    }

    private static int exits(int code) {
        if (code != 0) {
            System.exit(code);
        }
        return code;
    }

    @Test
    void aGoodbyeRunsShutdownHooksAndLeavesNoWords() throws Exception {
        Path mark = directory.resolve("mark");
        try (TestCoordinator coordinator = new TestCoordinator(directory, FLAGS)) {
            coordinator.hear(KindCase.HELLO);
            coordinator.run((String path) -> markAtTheEnd(path), mark.toString());
            coordinator.nextValue();
            coordinator.send(ToWorker.newBuilder()
                    .setBye(Bye.newBuilder().setReason("done"))
                    .build());
            assertThat(coordinator.exitCode()).isEqualTo(0);
            assertThat(coordinator.recorder.lastWords()).isEmpty();
            assertThat(mark).exists();
            // Fory logs through SLF4J where it finds it, and a library of the tests brings it without a provider
            assertThat(coordinator.said().lines()).allMatch(line -> line.startsWith("SLF4J"));
        }
    }

    /** And leaves a thread behind that would keep another JVM alive. */
    private static boolean markAtTheEnd(String path) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Files.createFile(Path.of(path));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }));
        Thread stays = new Thread(WorkerMainTest::untilInterrupted);
        stays.start();
        return stays.isAlive();
    }

    @Test
    void aWorkerThatIsDismissedDoesNotWaitForItsOwnThreadsInNativeCode() throws Exception {
        long fastest = Long.MAX_VALUE;
        // with a thread in native code HotSpot takes 300 ms at the least: one must show that it need not, however busy
        // the
        // machine is meanwhile
        for (int i = 0; i < TRIES && fastest > 250; i++) {
            Path place = Files.createDirectory(directory.resolve("leave" + i));
            try (TestCoordinator coordinator = new TestCoordinator(place, FLAGS)) {
                coordinator.hear(KindCase.HELLO);
                coordinator.run((Integer x) -> x, 1);
                coordinator.nextValue();
                long begin = System.nanoTime();
                coordinator.send(ToWorker.newBuilder().setBye(Bye.newBuilder()).build());
                assertThat(coordinator.exitCode()).isEqualTo(0);
                fastest = Math.min(fastest, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
            }
        }
        System.out.println("goodbye to end of process: " + fastest + " ms");
        assertThat(fastest).isLessThanOrEqualTo(250);
    }

    @Test
    void aTaskThatInterruptsTheLifeLinesThreadDoesNotEndTheWorker() throws Exception {
        try (TestCoordinator coordinator = new TestCoordinator(directory, FLAGS)) {
            coordinator.hear(KindCase.HELLO);
            coordinator.run((Integer x) -> interruptLifeLine(), 1, 2);
            assertThat(coordinator.nextValue()).isEqualTo(1L);
            assertThat(coordinator.nextValue()).isEqualTo(1L);
            coordinator.run((Integer x) -> x, 3);
            assertThat(coordinator.nextValue()).isEqualTo(3);
            assertThat(coordinator.worker.isAlive()).isTrue();
        }
    }

    /** How many threads of that name stood in their wait again after the interrupt. */
    private static long interruptLifeLine() {
        List<Thread> found = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("multijvm-life-line"))
                .toList();
        found.forEach(Thread::interrupt);
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> found.stream()
                        .allMatch(
                                thread -> !thread.isInterrupted() && thread.getState() == Thread.State.TIMED_WAITING));
        return found.size();
    }

    @Test
    void whoeverDoesNotProveToBeTheCoordinatorIsNotServed() throws Exception {
        try (TestCoordinator coordinator = new TestCoordinator(directory, FLAGS, Protocol.VERSION, false)) {
            assertThat(coordinator.exitCode()).isEqualTo(WorkerExit.NOT_OUR_COORDINATOR.code());
            assertThat(coordinator.said()).contains("did not prove");
        }
    }

    @Test
    void anotherProtocolIsRefusedWithBothVersionsAndTheCause() throws Exception {
        try (TestCoordinator coordinator = new TestCoordinator(directory, FLAGS, 99, true)) {
            assertThat(coordinator.exitCode()).isEqualTo(WorkerExit.NOT_WELCOME.code());
            assertThat(coordinator.said()).contains("99", " " + Protocol.VERSION, "class path", "jar");
        }
    }

    @Test
    void aProcessThatNobodyToldAnythingEndsAndSaysWhy() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkerMain.class.getName())
                .start();
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(WorkerExit.NOT_STARTED_BY_US.code());
            assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("not started by");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theEndOfStdinEndsTheWorkerAtOnceEvenInACompiledLoop() throws Exception {
        long fastest = Long.MAX_VALUE;
        // HotSpot itself waits 300 ms for threads in native code: one must show that no more than that is lost, however
        // busy the machine is meanwhile
        for (int i = 0; i < TRIES && fastest > 500; i++) {
            Path place = Files.createDirectory(directory.resolve("try" + i));
            Path compiled = place.resolve("compiled");
            try (TestCoordinator coordinator = new TestCoordinator(place, FLAGS)) {
                coordinator.hear(KindCase.HELLO);
                coordinator.run((String path) -> spin(path), compiled.toString());
                Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> Files.exists(compiled));
                long begin = System.nanoTime();
                coordinator.worker.getOutputStream().close();
                assertThat(coordinator.exitCode()).isEqualTo(WorkerExit.COORDINATOR_GONE.code());
                fastest = Math.min(fastest, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
            }
        }
        System.out.println("end of stdin to end of process, in a compiled loop: " + fastest + " ms");
        assertThat(fastest).isLessThanOrEqualTo(500);
    }

    private static int spin(String path) throws IOException {
        int sum = 0;
        for (int i = 0; i < 20_000; i++) {
            sum += nested(200, i);
        }
        Files.createFile(Path.of(path));
        for (int i = 0; i < 100_000; i++) {
            sum += nested(Integer.MAX_VALUE, sum);
        }
        return sum;
    }

    private static int nested(int rounds, int seed) {
        int sum = seed;
        for (int i = 0; i < rounds; i++) {
            sum = sum * 31 + i;
        }
        return sum;
    }

    private static void awaitRunning(TestCoordinator coordinator) {
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> coordinator.recorder.running().state() == ItemState.RUN);
    }
}
