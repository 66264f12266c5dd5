// SPDX-License-Identifier: Apache-2.0
package examples.api;

import examples.data.NameList;
import examples.names.Soundex;
import io.multijvm.Output;
import io.multijvm.WorkerProcess;
import io.multijvm.shared.Waitable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Processes without a pool, as {@code multiprocessing.Process} in Python: two that share the work and write a file each, one
 * that fails, and one that would never end. There is no pool here.
 */
public final class ProcessEach {
    private static final List<String> NAMES = NameList.of(1, 6);
    private static final Duration MOST = Duration.ofSeconds(60);

    private ProcessEach() {}

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("names");
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        try (WorkerProcess one = coder("first", NAMES.subList(0, 3), first);
                WorkerProcess other = coder("second", NAMES.subList(3, 6), second);
                WorkerProcess broken = WorkerProcess.builder(() -> Integer.parseInt("twelve"))
                        .name("broken")
                        .output(Output.DISCARD)
                        .start();
                WorkerProcess endless = WorkerProcess.builder(() -> new CountDownLatch(1).await())
                        .name("endless")
                        .daemon(true)
                        .start()) {
            System.out.println("the first to end is not the endless one: "
                    + !Waitable.any(MOST, List.of(one, other, broken, endless)).contains(endless));
            one.join();
            other.join();
            broken.join();
            endless.terminate();
            endless.join();
            for (WorkerProcess each : List.of(one, other, broken, endless)) {
                System.out.println(
                        each.name() + ": exit code " + each.exitCode().orElseThrow());
            }
            System.out.println("why: " + broken.crashReport().orElseThrow().what());
        }
        System.out.println(Files.readString(first) + " " + Files.readString(second));
        for (Path each : List.of(first, second, directory)) {
            Files.delete(each);
        }
    }

    /** It writes a file, for nothing that it changes in memory is seen here. */
    private static WorkerProcess coder(String name, List<String> names, Path file) {
        String path = file.toString();
        List<String> own = List.copyOf(names);
        return WorkerProcess.builder(() -> Files.writeString(
                        Path.of(path), own.stream().map(Soundex::code).toList().toString()))
                .name(name)
                .start();
    }
}
