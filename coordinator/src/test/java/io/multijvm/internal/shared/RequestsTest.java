// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.shared.SharedPipe;
import io.multijvm.wire.lineage.ProcessStamp;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.objects.ManagerSaid;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.worker.shared.ManagerClient;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Objects that are made for other programs: aside, when the test says so. */
class RequestsTest {
    private final Deque<Runnable> support = new ArrayDeque<>();
    private final ManagerCore core = new ManagerCore(
            PlayedLoop.atOnce(),
            support::add,
            "served:unix:/nowhere",
            ManagerKey.random(),
            RequestsTest.class,
            List.of());
    private final List<Heard> told = new ArrayList<>();
    private final Client program = Objects.requireNonNull(
            core.home().connect(ProcessStamp.ofThisProcess(), "another program", true, new Hears()));

    private final class Hears implements Client.Ear {
        @Override
        public void tell(long object, long ticket, Heard heard) {
            told.add(heard);
        }

        @Override
        public void end(String why) {}
    }

    @AfterEach
    void close() {
        core.close("it was enough");
    }

    private void asksFor(ObjectKind kind) {
        core.home().said(program, ManagerClient.ITSELF, 1, new ManagerSaid.Make(kind.name(), 0));
    }

    private void makesAll() {
        while (!support.isEmpty()) {
            support.remove().run();
        }
    }

    @Test
    void whatIsMadeForAProgramThatHasEndedMeanwhileIsFreed() {
        for (ObjectKind kind : List.of(ObjectKind.EVENT, ObjectKind.LOCK, ObjectKind.QUEUE, ObjectKind.MAP)) {
            asksFor(kind);
        }
        core.home().lost(program);
        assertThat(support).hasSize(4);
        makesAll();
        assertThat(core.home().size()).isZero();
        assertThat(told).isEmpty();
    }

    @Test
    void whatIsMadeForAProgramThatLivesStaysWhenThatEndsForOthersMayKnowOfItByThen() {
        asksFor(ObjectKind.QUEUE);
        makesAll();
        assertThat(told).singleElement().isInstanceOf(Heard.Named.class);
        core.home().lost(program);
        assertThat(core.home().size()).isEqualTo(1);
    }

    @Test
    void aPipeOfCallsForWhichThereIsNoThreadIsRefusedAndFreed() {
        List<String> unwanted = new ArrayList<>();
        Requests requests = new Requests(
                PlayedLoop.atOnce(),
                Runnable::run,
                core,
                new Requests.CallPipes() {
                    @Override
                    @SuppressWarnings("unchecked")
                    public SharedPipe<@Nullable Object> make() {
                        return (SharedPipe<@Nullable Object>) core.pipe(true);
                    }

                    @Override
                    public void serve(Client from, SharedPipe<@Nullable Object> pipe) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                },
                (why, object) -> unwanted.add(why));
        Client worker =
                Objects.requireNonNull(core.home().connect(ProcessStamp.ofThisProcess(), "a worker", new Hears()));
        requests.said(worker, 1, new ManagerSaid.CallPipe(), object -> true);
        assertThat(unwanted)
                .singleElement()
                .asString()
                .isEqualTo("it cannot be served: java.lang.OutOfMemoryError: unable to create native thread");
        assertThat(told)
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.type(Heard.Refused.class))
                .extracting(Heard.Refused::why)
                .asString()
                .contains("native thread");
    }
}
