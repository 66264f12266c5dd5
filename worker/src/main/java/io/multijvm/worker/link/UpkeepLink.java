// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.multijvm.codec.ValueCodec;
import io.multijvm.wire.v1.ExitEnded;
import io.multijvm.wire.v1.Failure;
import io.multijvm.wire.v1.FromWorker;
import io.multijvm.wire.v1.Initialised;
import io.multijvm.wire.v1.Payload;
import io.multijvm.wire.v1.SetUp;
import io.multijvm.wire.v1.SharedValue;
import io.multijvm.wire.v1.Unshare;
import io.multijvm.wire.v1.Want;
import io.multijvm.worker.execute.TaskLoop;
import io.multijvm.worker.execute.Upkeep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is said beside items: the pool's functions, and the values that it shares. Confined to the event loop, but for
 * {@link Upkeep.Line} and the asking, which are the task thread's.
 */
final class UpkeepLink implements Upkeep.Line {
    private final EventLoop loop;
    private final TaskLoop tasks;
    private final ValueCodec codec;
    private final Consumer<FromWorker> out;
    private final Function<Payload, byte[]> payloads;
    private final Fate fate;
    private final FetchedValues shared;
    /** Those who wait for a shared value; the first had it asked for. */
    private final Map<FetchedValues.Key, List<CompletableFuture<byte @Nullable []>>> wanted = new HashMap<>();

    private final LogSender logs;
    private long poolSeed;
    private long exitTimeoutMillis;
    private @Nullable Upkeep functions;

    /**
     * @param out sends, on the loop
     * @param payloads the bytes of one that has come
     * @param logs takes what is logged here to the coordinator
     */
    UpkeepLink(
            EventLoop loop,
            TaskLoop tasks,
            ValueCodec codec,
            Consumer<FromWorker> out,
            Function<Payload, byte[]> payloads,
            LogSender logs,
            Fate fate) {
        this.loop = loop;
        this.tasks = tasks;
        this.codec = codec;
        this.out = out;
        this.payloads = payloads;
        this.logs = logs;
        this.fate = fate;
        this.shared = new FetchedValues(codec, this::ask);
        shared.serve();
    }

    long poolSeed() {
        return poolSeed;
    }

    void setUp(SetUp setUp) {
        poolSeed = setUp.getSeed();
        exitTimeoutMillis = setUp.getExitTimeoutMillis();
        if (setUp.hasLogs()) {
            LogForwarding.begin(setUp.getLogs(), tasks, loop::inEventLoop, logs);
        }
        if (setUp.hasInit() || setUp.hasExit()) {
            byte[] init = setUp.hasInit() ? payloads.apply(setUp.getInit()) : null;
            byte[] exit = setUp.hasExit() ? payloads.apply(setUp.getExit()) : null;
            functions = new Upkeep(init, exit, poolSeed, this);
            tasks.initialise(functions);
        }
    }

    /** The coordinator has no more work: the exit function runs, if there is one, and the process ends. */
    void bye() {
        if (functions != null && functions.hasExit()) {
            tasks.exit(functions);
        } else {
            fate.leave();
        }
    }

    void sharedValue(SharedValue value) {
        byte[] bytes = value.hasValue() ? payloads.apply(value.getValue()) : null;
        List<CompletableFuture<byte @Nullable []>> waiting =
                wanted.remove(new FetchedValues.Key(value.getHome(), value.getId()));
        if (waiting != null) {
            waiting.forEach(one -> one.complete(bytes));
        }
    }

    void unshare(Unshare message) {
        shared.drop(new FetchedValues.Key(message.getHome(), message.getId()));
    }

    private Future<byte @Nullable []> ask(FetchedValues.Key key) {
        CompletableFuture<byte @Nullable []> answer = new CompletableFuture<>();
        loop.execute(() -> {
            List<CompletableFuture<byte @Nullable []>> waiting =
                    wanted.computeIfAbsent(key, unasked -> new ArrayList<>());
            waiting.add(answer);
            if (waiting.size() == 1) {
                out.accept(FromWorker.newBuilder()
                        .setWant(Want.newBuilder().setHome(key.home()).setId(key.id()))
                        .build());
            }
        });
        return answer;
    }

    @Override
    public void initialised(@Nullable Failure failure) {
        Initialised.Builder answer = Initialised.newBuilder();
        if (failure != null) {
            answer.setFailure(failure.toByteString());
        }
        loop.execute(
                () -> out.accept(FromWorker.newBuilder().setInitialised(answer).build()));
    }

    @Override
    public void exiting(Upkeep upkeep) {
        loop.execute(() -> {
            var unused = loop.schedule(() -> exitIsLate(upkeep), exitTimeoutMillis, TimeUnit.MILLISECONDS);
        });
    }

    /** Not on the loop: the stack of a thread that reaches no safepoint can be waited for in vain. */
    private void exitIsLate(Upkeep upkeep) {
        Thread witness = new Thread(() -> upkeep.exitIsLate(codec, exitTimeoutMillis), "multijvm-witness");
        witness.setDaemon(true);
        witness.start();
    }

    @Override
    public void exited(@Nullable Failure failure) {
        ExitEnded.Builder end = ExitEnded.newBuilder();
        if (failure != null) {
            end.setFailure(failure.toByteString());
        }
        loop.execute(() -> {
            out.accept(FromWorker.newBuilder().setExitEnded(end).build());
            // one more turn lets it go out
            loop.execute(fate::leave);
        });
    }

    @Override
    public void outOfMemory(OutOfMemoryError error) {
        fate.outOfMemory(error);
    }
}
