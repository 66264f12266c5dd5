// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.codec.ValueCodec;
import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.objects.ManagerKey;
import io.multijvm.wire.objects.ObjectKind;
import io.multijvm.wire.objects.Said;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which lines are kept, and which go with the last that could use them. */
class OwnersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int HANDLES = 1_000;
    private static final int OBJECTS = 50_000;
    private static final String ADDRESS = "unix:/nowhere";
    private static final String KEY = ManagerKey.random().secret();

    /** Nobody is at its other end. */
    private static final class Line extends OwnerLine {
        private final String address;

        Line(SharedHandle handle) {
            super(handle.manager(), handle.key());
            this.address = handle.address();
        }

        @Override
        public int client() {
            isUsed();
            return 1;
        }

        @Override
        public void say(long object, long ticket, Said said) {}

        @Override
        public boolean leadsTo(String there) {
            return address.equals(there);
        }

        @Override
        protected ValueCodec codec() {
            throw new AssertionError("nothing is decoded here");
        }
    }

    private static SharedHandle handle(long manager) {
        return new SharedHandle(ADDRESS, manager, KEY, 1, ObjectKind.EVENT.name());
    }

    private static void awaitForgotten(int firstManager, int lastManager) {
        await().atMost(PATIENCE).until(() -> {
            System.gc();
            return IntStream.rangeClosed(firstManager, lastManager).noneMatch(manager -> Owners.know(handle(manager)));
        });
    }

    @Test
    void whatWasNeverUsedGoesWithTheLastThatStoodForAnObject() {
        ObjectClient client = Owners.of(handle(1), Line::new).client(handle(1));
        for (int manager = 2; manager < HANDLES; manager++) {
            Owners.of(handle(manager), Line::new).client(handle(manager));
        }
        awaitForgotten(2, HANDLES - 1);
        await().atMost(PATIENCE).until(() -> {
            Owners.of(handle(1), Line::new); // whoever looks for one takes away what others have left
            return Owners.lines() < HANDLES / 2;
        });
        assertThat(Owners.know(handle(1))).isTrue();
        assertThat(Owners.of(handle(1), Line::new).client(handle(1))).isSameAs(client);
    }

    @Test
    void whatWasUsedIsKeptUntilItIsForgotten() {
        SharedHandle handle = handle(HANDLES + 1);
        int number = System.identityHashCode(used(handle));
        assertThat(Owners.of(handle(HANDLES + 2), Line::new)).isNotNull();
        awaitForgotten(HANDLES + 2, HANDLES + 2); // and so would be whatever nobody keeps
        assertThat(Owners.know(handle)).isTrue();
        assertThat(System.identityHashCode(Owners.of(handle, Line::new))).isEqualTo(number);
        Owners.forget(Owners.of(handle, Line::new));
        assertThat(Owners.know(handle)).isFalse();
    }

    private static OwnerLine used(SharedHandle handle) {
        OwnerLine line = Owners.of(handle, Line::new);
        assertThat(line.client()).isEqualTo(1);
        return line;
    }

    @Test
    void oneThatLeadsElsewhereIsReplacedAndIsNotComeBackToWhenItIsUsed() {
        SharedHandle there = handle(HANDLES + 3);
        SharedHandle behindATunnel = new SharedHandle("unix:/elsewhere", there.manager(), KEY, 1, there.kind());
        OwnerLine first = Owners.of(there, Line::new);
        assertThat(Owners.at(there, Line::new)).isSameAs(first);
        OwnerLine second = Owners.at(behindATunnel, Line::new);
        assertThat(second).isNotSameAs(first);
        assertThat(first.client()).isEqualTo(1);
        assertThat(Owners.of(there, Line::new)).isSameAs(second);
        Owners.forget(first);
        assertThat(Owners.of(there, Line::new)).isSameAs(second);
        Owners.forget(second);
        assertThat(Owners.know(there)).isFalse();
    }

    @Test
    void whoConnectsWhileALineEndsGetsAnotherWhichStaysWhenThatOneHasEnded() {
        SharedHandle handle = handle(HANDLES + 4);
        OwnerLine ends = Owners.at(handle, Line::new);
        assertThat(ends.client()).isEqualTo(1);
        assertThat(Owners.at(handle, Line::new)).isSameAs(ends);
        assertThat(ends.isFirstWord("its owner cut it")).isTrue();

        OwnerLine next = Owners.at(handle, Line::new);
        assertThat(next).isNotSameAs(ends);

        ends.tellAll("its owner cut it");
        assertThat(Owners.of(handle, Line::new)).isSameAs(next);
        Owners.forget(next);
        assertThat(Owners.know(handle)).isFalse();
    }

    @Test
    void anObjectThatThreadsMeetAtOnceForTheFirstTimeIsStoodForByOneThatHearsOfIt() throws Exception {
        OwnerLine line = new Line(handle(1));
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        Callable<List<ObjectClient>> meets = () -> {
            List<ObjectClient> met = new ArrayList<>();
            for (int object = 0; object < OBJECTS; object++) {
                if (object % 100 == 0) {
                    together.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                }
                met.add(line.client(new SharedHandle(ADDRESS, 1, KEY, object, ObjectKind.EVENT.name())));
            }
            return met;
        };
        try {
            Future<List<ObjectClient>> one = threads.submit(meets);
            List<ObjectClient> another = threads.submit(meets).get();
            for (int object = 0; object < OBJECTS; object++) {
                assertThat(one.get().get(object))
                        .as("object %s", object)
                        .isSameAs(another.get(object))
                        .isSameAs(line.known(object));
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
