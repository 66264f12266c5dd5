// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.codec.ValueCodec;
import io.multijvm.internal.arena.WideMaker;
import io.multijvm.internal.dispatch.EventLoop;
import io.multijvm.shared.SharedHandle;
import io.multijvm.shared.SharedQueue;
import io.multijvm.wire.arena.SharedSegment;
import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.QueueSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.worker.shared.OwnerLine;
import io.multijvm.worker.shared.Owners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the owner of a queue does for users that die before they have said what they did, and where it lacks something itself. */
@Timeout(120)
class DeadQueueUsersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ADDRESS = "unix:/nowhere";
    private static final long FIRST_OBJECT = 1;
    private static final ProcessStamp ENDED =
            new ProcessStamp(999_999_999L, 1, ProcessStamp.ofThisProcess().place());
    /** Not so large that it is copied without the lock. */
    private static final int BYTES = 10_000;

    @TempDir
    Path directory;

    private final Loop loop = new Loop(Executors.newSingleThreadScheduledExecutor());
    private final ScheduledExecutorService support = Executors.newSingleThreadScheduledExecutor();
    /** So often the system gives no thread. */
    private final AtomicInteger lacking = new AtomicInteger();

    private final Memory memory = new Memory();
    private ManagerCore core;
    private SharedQueue<Object> queue;

    private record Loop(ScheduledExecutorService thread) implements EventLoop {
        @Override
        public void execute(Runnable action) {
            thread.execute(action);
        }

        @Override
        public Timer schedule(Runnable action, Duration delay) {
            ScheduledFuture<?> scheduled = thread.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        }

        @Override
        public long now() {
            return System.nanoTime();
        }

        @Override
        public boolean inLoop() {
            return false;
        }

        <T> T ask(Supplier<T> what) {
            return CompletableFuture.supplyAsync(what, thread).join();
        }
    }

    /** Whose files have names, so that they can be looked at, and hidden. */
    private final class Memory implements WideMaker {
        final List<Path> files = new CopyOnWriteArrayList<>();
        private final List<WideFile> made = new CopyOnWriteArrayList<>();
        private final AtomicInteger segments = new AtomicInteger();

        @Override
        public WideFile wide(long bytes) throws IOException {
            Path path = directory.resolve("wide" + files.size());
            WideFile file = WideFile.create(path, bytes, true);
            files.add(path);
            made.add(file);
            return file;
        }

        @Override
        public WideFile named(String prefix, String digits, long bytes) {
            throw new AssertionError("nothing has a name here");
        }

        @Override
        public SharedSegment make(int bytes) throws IOException {
            return SharedSegment.create(directory.resolve("cells" + segments.incrementAndGet()), bytes, () -> {});
        }
    }

    /** Another process, of which the owner hears all but what it dies before. */
    private final class User extends OwnerLine implements Client.Ear {
        private final Client client;
        private final @Nullable Class<? extends Said> unsaid;

        User(@Nullable Class<? extends Said> unsaid) {
            super(core.home().number(), "");
            this.unsaid = unsaid;
            this.client = loop.ask(() -> Objects.requireNonNull(core.home().connect(ENDED, "a worker", this)));
        }

        @SuppressWarnings("unchecked")
        SharedQueue<Object> queue() {
            SharedHandle handle = new SharedHandle(
                    ADDRESS, core.home().number(), core.home().key().secret(), FIRST_OBJECT, ObjectKind.QUEUE.name());
            return (SharedQueue<Object>) client(handle).face();
        }

        @Override
        public int client() {
            return client.number();
        }

        @Override
        public void say(long object, long ticket, Said said) {
            if (unsaid == null || !unsaid.isInstance(said)) {
                loop.execute(() -> core.home().said(client, object, ticket, said));
            }
        }

        @Override
        protected ValueCodec codec() {
            return Owners.codec();
        }

        @Override
        public void tell(long object, long ticket, Heard heard) {
            heard(object, ticket, heard);
        }

        @Override
        public void end(String why) {
            gone(why);
        }

        /** Returns when its death is known, and what the owner does then has been tried. */
        void die() {
            loop.execute(() -> core.home().lost(client));
            await().atMost(PATIENCE).until(() -> loop.ask(() -> client.state() == Client.State.GONE));
            await().atMost(PATIENCE)
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().equals("multijvm-queue-of-the-dead")));
        }
    }

    @BeforeEach
    @SuppressWarnings("unchecked")
    void start() {
        core = new ManagerCore(
                loop,
                work -> {
                    if (lacking.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        throw new OutOfMemoryError("unable to create native thread, as is played");
                    }
                    support.execute(work);
                },
                ADDRESS,
                memory,
                getClass());
        queue = (SharedQueue<Object>) core.queue(0);
    }

    @AfterEach
    void end() {
        boolean unused = core.close("it was enough");
        support.shutdownNow();
        loop.thread().shutdownNow();
        memory.made.forEach(file -> file.free(true));
    }

    @Test
    void aSegmentIsFreedWhenWhoPutItIntoTheQueueDiedBeforeItSaidSoAndWhoTookItOutToo() throws Exception {
        User places = new User(QueueSaid.Placed.class);
        places.queue().put(new byte[BYTES]);
        places.die();
        assertThat(memory.files).hasSize(1);

        User frees = new User(QueueSaid.Free.class);
        SharedQueue<Object> its = frees.queue();
        while (memory.files.size() < 3) {
            its.put(new byte[BYTES]);
        }
        while (!its.isEmpty()) {
            assertThat(its.take()).isInstanceOf(byte[].class);
        }
        assertThat(memory.files.get(0)).exists();
        frees.die();

        await().atMost(PATIENCE).until(() -> !Files.exists(memory.files.get(0)));
        assertThat(memory.files.get(2)).exists();
    }

    @Test
    void whatADeadOneHadComesBackAsSoonAsTheOwnerCanMapIt() throws Exception {
        User takes = new User(null);
        takes.queue().put("a");
        takes.queue().put("b");
        assertThat(takes.queue().lease().item()).isEqualTo("a");
        Path hidden = directory.resolve("hidden");
        Files.move(memory.files.get(0), hidden);
        takes.die();
        Files.move(hidden, memory.files.get(0));

        await().atMost(PATIENCE).until(() -> queue.size() == 2);
        assertThat(queue.take()).isEqualTo("a");
    }

    @Test
    void whoNeedsMemoryOfAnOwnerThatHasNoThreadForThatJustNowWaitsUntilItHas() throws Exception {
        User puts = new User(null);
        assertThat(puts.queue().poll()).isNull(); // it has the queue's lock
        lacking.set(2);
        puts.queue().put("a");
        assertThat(lacking).hasValue(0);
        assertThat(queue.take()).isEqualTo("a");
    }

    @Test
    void aDeathIsKnownAlsoWhereTheOwnerHasNoThreadToLookJustThen() throws Exception {
        User takes = new User(null);
        takes.queue().put("a");
        assertThat(takes.queue().lease().item()).isEqualTo("a");
        lacking.set(2);
        takes.die();
        assertThat(lacking).hasValue(0);
        await().atMost(PATIENCE).until(() -> queue.size() == 1);
    }

    @Test
    void theMemoryOfAQueueThatIsClosedIsFreedAlsoWhereTheOwnerHasNoThreadForThatJustThen() throws Exception {
        queue.put("a");
        lacking.set(2);
        queue.close();
        await().atMost(PATIENCE).until(() -> !Files.exists(memory.files.get(0)));
        assertThat(lacking).hasValue(0);
    }
}
