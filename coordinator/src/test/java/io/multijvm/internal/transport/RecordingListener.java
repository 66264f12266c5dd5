// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.internal.dispatch.WorkerListener;
import io.multijvm.internal.dispatch.WorkerPort;
import io.multijvm.wire.mapped.ResultKind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** Writes down what the coordinator hears of one worker. */
final class RecordingListener implements WorkerListener {
    final HubServer hub;
    final List<String> heard = new CopyOnWriteArrayList<>();
    final CompletableFuture<WorkerPort> port = new CompletableFuture<>();
    final CompletableFuture<byte[]> large = new CompletableFuture<>();
    final CompletableFuture<String> end = new CompletableFuture<>();
    private volatile boolean failing;

    RecordingListener(HubServer hub) {
        this.hub = hub;
    }

    /** From now on it throws whenever a result is there. */
    void fail() {
        failing = true;
    }

    /** Says something through the port, as the dispatcher does: on the loop, and flushed at the end. */
    void say(Consumer<WorkerPort> words) throws Exception {
        WorkerPort open = port.get(30, TimeUnit.SECONDS);
        CompletableFuture.runAsync(
                        () -> {
                            words.accept(open);
                            open.flush();
                        },
                        hub.loop())
                .get(30, TimeUnit.SECONDS);
    }

    String awaitEnd() throws Exception {
        try {
            return end.get(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("the connection did not end; heard " + heard, e);
        }
    }

    void awaitHeard(String what) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(heard).contains(what));
    }

    @Override
    public void connected(WorkerPort open, long pid, String jdk, long maxHeapBytes) {
        hear("connected " + pid + " " + jdk + " " + maxHeapBytes);
        port.complete(open);
    }

    @Override
    public void progress(long chunkId, int position, long nestedIndex, double fraction, String text) {
        hear("progress " + chunkId + " " + position + " " + nestedIndex + " " + fraction + " " + text);
    }

    @Override
    public void refused(String why) {
        hear("refused " + why);
    }

    @Override
    public void doorbell() {
        hear("doorbell");
        if (failing) {
            throw new IllegalStateException("a listener that fails");
        }
    }

    @Override
    public void large(long chunkId, int position, ResultKind kind, long elapsedNanos, byte[] bytes) {
        hear("large " + chunkId + " " + position + " " + kind + " " + elapsedNanos);
        large.complete(bytes);
    }

    @Override
    public void givenBack(long chunkId, int from) {
        hear("given back " + chunkId + " " + from);
    }

    @Override
    public void initialised(byte[] failure) {
        hear("initialised " + failure.length);
    }

    @Override
    public void exitEnded(byte[] failure) {
        hear("exit ended " + failure.length);
    }

    @Override
    public void wanted(long home, long id) {
        hear("wanted " + home + " " + id);
    }

    @Override
    public void disconnected(String why) {
        hear("disconnected " + why);
        end.complete(why);
    }

    private void hear(String what) {
        heard.add(hub.loop().inEventLoop() ? what : what + " NOT ON THE LOOP");
    }
}
