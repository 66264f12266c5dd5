// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.multijvm.wire.objects.ManagerKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BellsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(100);

    private final ManagerKey key = ManagerKey.random();

    @TempDir
    Path directory;

    /** Writes down which pipes were rung for. */
    private static final class Notes implements BellTarget {
        final List<Long> rung = new CopyOnWriteArrayList<>();
        final List<Long> notRung = new CopyOnWriteArrayList<>();

        @Override
        public void rung(long pipe, boolean right) {
            rung.add(pipe);
        }

        @Override
        public void notRung(long pipe, boolean right) {
            notRung.add(pipe);
        }
    }

    private Bells bells(int client, Notes notes, Bells.Times times) {
        return new Bells("unix:" + directory.resolve("hub"), 7, key, client, notes, times);
    }

    @Test
    void aBellThatCannotLetOneInIsStillHeardByThoseThatAreInAndLetsOthersInLater() {
        Notes heard = new Notes();
        Notes ofOthers = new Notes();
        Bells.Times patient = new Bells.Times(SHORT, LONG);
        try (Bells rung = bells(2, heard, patient);
                Bells early = bells(3, ofOthers, patient);
                Bells late = bells(4, ofOthers, patient)) {
            early.ring(2, 100, true);
            await().atMost(LONG).until(() -> heard.rung.contains(100L));
            rung.cannotAccept(new IOException("Too many open files"));
            early.ring(2, 101, true);
            late.ring(2, 102, true);
            await().atMost(LONG).until(() -> heard.rung.containsAll(List.of(101L, 102L)));
            assertThat(ofOthers.notRung).isEmpty();
        }
    }

    @Test
    void whoIsNotLetInForLongHasItsRingsDoneByTheOwner() {
        Notes heard = new Notes();
        Notes ofOther = new Notes();
        Bells.Times impatient = new Bells.Times(LONG.multipliedBy(10), SHORT);
        try (Bells rung = bells(2, heard, impatient);
                Bells other = bells(3, ofOther, impatient)) {
            rung.cannotAccept(new IOException("Too many open files"));
            other.ring(2, 100, false);
            await().atMost(LONG).until(() -> ofOther.notRung.contains(100L));
            assertThat(heard.rung).isEmpty();
        }
    }
}
