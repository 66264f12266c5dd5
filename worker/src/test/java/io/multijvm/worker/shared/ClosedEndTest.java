// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.arena.WideFile;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.PipeHeard;
import io.multijvm.wire.objects.PipeSaid;
import io.multijvm.wire.objects.Said;
import io.multijvm.wire.pipe.PipeMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who has closed a pipe, or an end of it, is told so from then on, though another thread still waits for the end. */
@Timeout(120)
class ClosedEndTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PIPE = 7;
    private static final String KEY = "00".repeat(32);
    private static final int RING_BYTES = 1024;

    private final List<Said> said = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    /** Where the ends are that are given; empty while nobody is answered. */
    private String memory = "";

    /** Gives nobody an end, and takes its time to say so; or gives it at once. */
    private final class Owner extends OwnerLine {
        Owner() {
            super(1, KEY);
        }

        @Override
        public int client() {
            return 2;
        }

        @Override
        public void say(long object, long ticket, Said what) {
            said.add(what);
            if (what instanceof Said.Open) {
                heard(object, ticket, new Heard.Opened(null, 1));
            } else if (what instanceof PipeSaid.Claim claim && !memory.isEmpty()) {
                heard(object, ticket, new PipeHeard.Yours(claim.right(), memory, RING_BYTES, 0, ""));
            }
        }

        void endPipe() {
            heard(PIPE, 0, new Heard.Closed("another closed it"));
        }

        @Override
        protected ValueCodec codec() {
            throw new AssertionError("nothing is encoded here");
        }
    }

    private final Owner owner = new Owner();
    private PipeClient pipe;

    @BeforeEach
    void makePipe() {
        SharedHandle handle =
                new SharedHandle("unix:" + directory.resolve("hub"), 1, KEY, PIPE, ObjectKind.PIPE.name());
        pipe = (PipeClient) owner.client(handle);
    }

    @AfterEach
    void end() {
        owner.gone("its owner is gone");
    }

    private FutureTask<@Nullable Object> waitsFor(PipeEnd<@Nullable Object> end) {
        FutureTask<@Nullable Object> receives = new FutureTask<>(end::receive);
        Thread thread = new Thread(receives, "receives");
        thread.setDaemon(true);
        thread.start();
        await().atMost(PATIENCE).until(() -> said.stream().anyMatch(PipeSaid.Claim.class::isInstance));
        return receives;
    }

    @Test
    void anEndThatIsClosedIsNotAskedWhetherItIsReady() throws Exception {
        PipeEnd<@Nullable Object> end = pipe.left();
        assertThat(waitsFor(end)).isNotDone();
        assertThat(end.poll()).isFalse();
        assertThatThrownBy(() -> end.receive(Duration.ZERO)).isInstanceOf(TimeoutException.class);

        end.close();
        assertThatThrownBy(end::poll).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> end.receive(Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void whoWaitsForAnEndOfAPipeThatIsClosedIsTold() throws Exception {
        FutureTask<@Nullable Object> receives = waitsFor(pipe.right());
        pipe.close();
        assertThatThrownBy(pipe.right()::poll)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> receives.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    /** This process hears of another's close, and one of its threads closes it as well before all of that is done. */
    @Test
    void whoClosesAPipeThatIsJustBeingClosedUsesItNoMoreEither() throws Exception {
        WideFile file = WideFile.create(directory.resolve("pipe"), PipeMemory.bytes(RING_BYTES, true), true);
        memory = file.address();
        try {
            assertThat(pipe.left().poll()).isFalse();
            AtomicReference<@Nullable Throwable> seen = new AtomicReference<>();
            var unused = pipe.askOwner(pipe.nextTicket(), new PipeSaid.Take(false))
                    .whenComplete((heard, failure) -> {
                        pipe.close();
                        seen.set(catchThrowable(pipe.left()::poll));
                    });
            owner.endPipe();
            assertThat(seen.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("another closed it");
        } finally {
            file.free(true);
        }
    }
}
