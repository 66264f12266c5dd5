// SPDX-License-Identifier: Apache-2.0
package io.multijvm.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.Manager;
import io.multijvm.TaskFuture;
import io.multijvm.shared.PipeEnd;
import io.multijvm.shared.SharedEvent;
import io.multijvm.shared.SharedPipe;
import io.multijvm.testkit.SharedPoolTest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Through memory that both processes share, where there is any. */
@SharedPoolTest
class PipeTest extends PipeContract {
    PipeTest() {
        super("shared");
    }

    /** Takes the sockets away that processes wake each other by; returns how many there were. */
    private static int takeBellsAway() throws IOException {
        int taken = 0;
        String mine = "multijvm-hub-" + ProcessHandle.current().pid() + "-*";
        Set<Path> places = new HashSet<>(List.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/tmp")));
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null) {
            places.add(Path.of(runtime));
        }
        for (Path place : places) {
            try (DirectoryStream<Path> hubs = Files.newDirectoryStream(place, mine)) {
                for (Path hub : hubs) {
                    try (DirectoryStream<Path> bells = Files.newDirectoryStream(hub, "b*")) {
                        for (Path bell : bells) {
                            Files.delete(bell);
                            taken++;
                        }
                    }
                }
            }
        }
        return taken;
    }

    @Test
    void whereTheBellCannotBeRungTheOwnerWakesTheOther() throws Exception {
        try (Manager manager = Manager.start(); // nobody has connected to its bells yet
                SharedPipe<Object> pipe = manager.pipe()) {
            PipeEnd<Object> left = pipe.left();
            PipeEnd<Object> right = pipe.right();
            SharedEvent ready = manager.event();
            TaskFuture<Integer> echoes = pool.submit(() -> {
                boolean unused = right.poll(); // it is this process's now, which has its bell
                ready.set();
                return echo(right);
            });
            ready.await();
            assertThat(left.poll()).isFalse();
            assertThat(takeBellsAway()).isPositive();
            for (int i = 0; i < 200; i++) {
                left.send(i);
                assertThat(left.receive(LONG)).isEqualTo(i);
            }
            left.close();
            assertThat(echoes.get()).isEqualTo(200);
        }
    }
}
