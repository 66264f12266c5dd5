// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import io.multijvm.codec.AllowList;
import io.multijvm.codec.Codecs;
import io.multijvm.codec.ForyCodec;
import io.multijvm.codec.ValueCodec;
import io.multijvm.task.Codec;
import io.multijvm.wire.Bootstrap;
import io.multijvm.wire.Protocol;
import io.multijvm.wire.lineage.Offspring;
import io.multijvm.wire.mapped.RecorderWriter;
import io.multijvm.wire.v1.FaultRule;
import io.multijvm.wire.v1.Hello;
import io.multijvm.wire.v1.Welcome;
import io.multijvm.worker.context.OutOfMemory;
import io.multijvm.worker.execute.OutputMeter;
import io.multijvm.worker.execute.TaskLoop;
import io.multijvm.worker.job.Fault;
import io.multijvm.worker.job.JobClassLoader;
import io.multijvm.worker.job.OrderedFaults;
import io.multijvm.worker.link.CoordinatorLink;
import io.multijvm.worker.link.Fate;
import io.multijvm.worker.link.ProcessName;
import io.multijvm.worker.nested.NestedHost;
import io.multijvm.worker.process.OwnTask;
import io.multijvm.worker.process.ThisProcess;
import io.multijvm.worker.shared.Owners;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A worker JVM. Told on stdin who it is, it connects to its coordinator and runs what it is sent, until it is told goodbye
 * or the coordinator is gone. One that is sent a task of its own is no pool's worker: its main thread runs the task, and it
 * ends as any JVM does whose main method has ended.
 */
public final class WorkerMain implements Fate {
    private static final long WELCOME_SECONDS = 30;
    private static final long MOST_FOR_A_COORDINATORS_END_SECONDS = 5;
    /** The one ordered fault that is not a task's own. */
    private static final String DROP_STREAM = "drop_stream";

    /** Held by who ends this process: the other one has nothing to add. */
    private static final Object ENDING = new Object();

    private final LifeLine lifeLine;
    /** Told to go. */
    private volatile boolean leaving;
    /** The JVM ends, by whatever; of use to a process with a task of its own. */
    private volatile boolean ending;
    /** A task of its own has ended, and threw nothing. */
    private volatile boolean returned;
    /** Set once, before there is anything to leave. */
    private volatile @Nullable CoordinatorLink link;

    private final StandardStreams streams;

    private WorkerMain(LifeLine lifeLine, StandardStreams streams) {
        this.lifeLine = lifeLine;
        this.streams = streams;
    }

    /**
     * Sets this JVM up, and runs its own task if it is given one.
     *
     * @throws Exception what that task has thrown: it ends this thread as it would in any JVM
     */
    public static void main(String[] args) throws Exception {
        // before any class of the user's can read it: stdin is the life-line
        LifeLine lifeLine = new LifeLine(WorkerMain::haltWithOffspring);
        System.setIn(InputStream.nullInputStream());
        WorkerMain worker = new WorkerMain(lifeLine, StandardStreams.note());
        Thread.setDefaultUncaughtExceptionHandler(worker::uncaught);
        Ready ready;
        try {
            ready = worker.setUp();
            ready.task.await();
        } catch (Throwable e) { // nothing may leave this process half alive
            worker.broken("the worker could not be set up", e);
            return;
        }
        ready.task.run(ready.codec, ready.recorder);
        worker.returned = true;
    }

    /**
     * What a task of its own needs, if one comes; until then this thread keeps the process alive, for all others are
     * daemons.
     */
    private record Ready(OwnTask task, ValueCodec codec, RecorderWriter recorder) {}

    /** Of a thread that a task started, else said as any JVM says it. */
    private void uncaught(Thread thread, Throwable thrown) {
        OutOfMemoryError memory = OutOfMemory.in(thrown);
        if (memory != null) {
            outOfMemory(memory);
        }
        System.err.print("Exception in thread \"" + thread.getName() + "\" ");
        thrown.printStackTrace();
    }

    private Ready setUp() throws IOException, InterruptedException {
        Bootstrap bootstrap = bootstrap();
        lifeLine.hold();
        ProcessName.set(bootstrap.slot() < 0 ? "a standby" : "worker " + bootstrap.slot());
        RecorderWriter recorder = recorder(bootstrap);
        Heartbeat.start(recorder);
        ThisProcess.is(ThisProcess.POOL_WORKER);
        Runtime.getRuntime().addShutdownHook(new LastWords(recorder, () -> leaving));
        CoordinatorLink link = new CoordinatorLink(bootstrap, recorder, this);
        this.link = link;
        Welcome welcome = await(link);
        ClassLoader loader = loader(welcome);
        Owners.encodeWith(new ValueCodec(new ForyCodec(), loader, AllowList.everything()));
        Codec poolCodec = Codecs.byClassName(welcome.getCodec(), loader);
        ValueCodec codec = new ValueCodec(poolCodec, loader, AllowList.everything());
        if (bootstrap.slot() < 0) {
            Rehearsal.of(codec);
        }
        TaskLoop tasks = new TaskLoop(bootstrap.slot(), bootstrap.incarnation(), recorder, codec, link);
        NestedHost host = new NestedHost(bootstrap.slot(), bootstrap.incarnation(), recorder, codec, poolCodec, link);
        tasks.nests(host);
        if (welcome.getFaultsCount() > 0) {
            tasks.around(faults(welcome.getFaultsList(), link));
        }
        link.nests(host);
        OwnTask own = new OwnTask(() -> endsAsAnyJvm(link));
        link.runs(own);
        Bootstrap.Output captured = bootstrap.output();
        if (captured != null) {
            streams.capturedIn(captured.stdout(), captured.stderr());
            tasks.measures(OutputMeter.of(recorder, captured.stdout(), captured.stderr(), streams.written()));
        }
        tasks.start();
        link.serve(tasks, codec);
        if (bootstrap.slot() < 0) {
            link.rehearsed();
        }
        Thread.currentThread().setContextClassLoader(loader);
        return new Ready(own, codec, recorder);
    }

    private Bootstrap bootstrap() {
        try {
            return Bootstrap.read(lifeLine.firstWords());
        } catch (IOException | IllegalArgumentException e) {
            end(WorkerExit.NOT_STARTED_BY_US, String.valueOf(e.getMessage()));
            throw new AssertionError("ended", e);
        }
    }

    /** A coordinator that ends deletes its files first: then the life-line ends us, and there is nothing to tell anybody. */
    private static RecorderWriter recorder(Bootstrap bootstrap) throws IOException, InterruptedException {
        try {
            return RecorderWriter.open(bootstrap.recorder());
        } catch (NoSuchFileException e) {
            var unused = new CountDownLatch(1).await(MOST_FOR_A_COORDINATORS_END_SECONDS, TimeUnit.SECONDS);
            throw e;
        }
    }

    /**
     * For a process with a task of its own, whose end nobody announces: when its shutdown hooks run, no thread of ours
     * stands in native code any more, for which a JVM's exit would wait 300 ms.
     */
    private void endsAsAnyJvm(CoordinatorLink connected) {
        Runnable leave = () -> {
            ending = true;
            lifeLine.letGo();
            if (returned) { // else it was cut off, and what it shared is to be looked at
                Owners.leaveAll();
            }
            connected.standStill();
        };
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(leave, "multijvm-leave"));
        } catch (IllegalStateException e) {
            // it ends already, before its task: by a SIGTERM, say
            ending = true;
        }
    }

    private Welcome await(CoordinatorLink link) throws InterruptedException {
        // not from java.lang.management, which takes 50 ms to load
        ProcessHandle self = ProcessHandle.current();
        Hello hello = Hello.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setJdk(Runtime.version().toString())
                .setPid(self.pid())
                .setStartedAtMillis(
                        self.info().startInstant().map(Instant::toEpochMilli).orElse(0L))
                .setMaxHeapBytes(Runtime.getRuntime().maxMemory())
                .build();
        Welcome welcome;
        try {
            welcome = link.connect(hello).get(WELCOME_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            end(WorkerExit.CANNOT_CONNECT, "no welcome from the coordinator within " + WELCOME_SECONDS + " s");
            throw new AssertionError("ended", e);
        }
        if (welcome.getProtocol() != Protocol.VERSION) {
            end(
                    WorkerExit.NOT_WELCOME,
                    "the coordinator speaks protocol " + welcome.getProtocol() + ", this worker " + Protocol.VERSION
                            + ": the class path of one of them holds another Multijvm jar");
        }
        return welcome;
    }

    private OrderedFaults faults(List<FaultRule> rules, CoordinatorLink link) {
        return new OrderedFaults(rules.stream()
                .map(rule -> new OrderedFaults.Rule(
                        strike(rule.getFault(), link),
                        new HashSet<>(rule.getItemsList()),
                        rule.getRate(),
                        rule.getSeed(),
                        rule.getEveryAttempt()))
                .toList());
    }

    private OrderedFaults.Strike strike(String name, CoordinatorLink link) {
        if (name.equals(DROP_STREAM)) {
            return () -> {
                // this process must not follow its stream: that it lives on is the fault
                leaving = true;
                link.drop();
            };
        }
        Fault fault = Fault.named(name)
                .orElseThrow(() -> new IllegalArgumentException("the coordinator ordered a fault " + name));
        return fault::strike;
    }

    private static ClassLoader loader(Welcome welcome) {
        return welcome.getJobPathCount() == 0
                ? ClassLoader.getSystemClassLoader()
                : new JobClassLoader(
                        welcome.getJobPathList().stream().map(Path::of).toList());
    }

    @Override
    public void coordinatorGone(String why) {
        if (leaving || ending) {
            return; // it is we who go
        }
        say(why);
        haltWithOffspring();
    }

    /** Life-line and link may both see that the coordinator is gone: then what the tasks have started is for us to end. */
    private static void haltWithOffspring() {
        synchronized (ENDING) {
            Offspring.endOwn();
            Runtime.getRuntime().halt(WorkerExit.COORDINATOR_GONE.code());
        }
    }

    @Override
    public void unreachable(String why) {
        end(WorkerExit.CANNOT_CONNECT, why);
    }

    @Override
    public void refused(String why) {
        end(WorkerExit.NOT_WELCOME, why);
    }

    @Override
    public void impostor() {
        end(WorkerExit.NOT_OUR_COORDINATOR, "the other side did not prove that it is our coordinator");
    }

    @Override
    public void outOfMemory(OutOfMemoryError error) {
        // in the words of the JVM's own ExitOnOutOfMemoryError, which does not see what libraries throw themselves
        end(WorkerExit.OUT_OF_MEMORY, "Terminating due to java.lang.OutOfMemoryError: " + error.getMessage());
    }

    @Override
    public void broken(String what, Throwable why) {
        StringWriter trace = new StringWriter();
        why.printStackTrace(new PrintWriter(trace));
        end(WorkerExit.BROKEN, what + ": " + trace);
    }

    /** Not through System.err, which a task may have replaced, or hold the lock of. */
    private static void end(WorkerExit exit, String why) {
        say(why);
        Runtime.getRuntime().halt(exit.code());
    }

    private static void say(String why) {
        try {
            new FileOutputStream(FileDescriptor.err).write((why + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // the exit code says it as well
        }
    }

    /** For a worker that serves nobody: no link is closed, for its coordinator waits until it has written its archive. */
    static void exitAfterTraining() {
        // there is nothing to end; but what does it is in the archive then, and quick when it matters
        Offspring.endOwn();
        Runtime.getRuntime().exit(0);
    }

    @Override
    public void leave() {
        leaving = true;
        // not on the event loop: the user's shutdown hooks may take their time
        new Thread(this::exit, "multijvm-leave").start();
    }

    /** First no thread of ours stands in native code any more, for which a JVM's exit would wait 300 ms. */
    private void exit() {
        lifeLine.letGo();
        Owners.leaveAll();
        CoordinatorLink connected = link;
        if (connected != null) {
            connected.close();
        }
        Runtime.getRuntime().exit(0);
    }
}
