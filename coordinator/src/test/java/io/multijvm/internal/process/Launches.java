// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.awaitility.Awaitility.await;

import io.multijvm.wire.Bootstrap;
import io.multijvm.wire.Ticket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Real worker processes for a test, which end with it. */
final class Launches implements AutoCloseable {
    static final Ticket TICKET = Ticket.issue(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final RunDirectory directory = RunDirectory.create();
    private final List<LaunchedWorker> workers = new ArrayList<>();

    Launches() throws IOException {}

    LaunchedWorker script(String script) throws IOException {
        return script(script, LaunchSpec.defaults());
    }

    LaunchedWorker script(String script, LaunchSpec spec) throws IOException {
        Map<String, String> env = new HashMap<>(spec.env());
        env.put("SCRIPT", script);
        return launch(spec.withEnv(env), ScriptedWorker.class.getName());
    }

    LaunchedWorker launch(LaunchSpec spec, String mainClass) throws IOException {
        int incarnation = workers.size() + 1;
        LaunchedWorker worker = new WorkerLauncher(spec, directory, mainClass)
                .launch(new Bootstrap(TICKET, "unix:/nowhere", 3, incarnation, directory.recorderPath(3, incarnation)));
        workers.add(worker);
        return worker;
    }

    static LaunchedWorker ready(LaunchedWorker worker) {
        await().atMost(PATIENCE)
                .until(() -> worker.lastOutput(100).contains("ready")
                        || worker.onExit().isDone());
        return worker;
    }

    static ExitStatus ended(LaunchedWorker worker) throws Exception {
        return worker.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        workers.forEach(LaunchedWorker::kill);
        await().atMost(PATIENCE)
                .until(() -> workers.stream().allMatch(worker -> worker.onExit().isDone()));
        directory.close();
    }
}
