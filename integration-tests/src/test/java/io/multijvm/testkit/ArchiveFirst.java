// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Pool;
import io.multijvm.internal.process.ClassArchive;
import io.multijvm.internal.process.LaunchSpec;
import io.multijvm.internal.process.WorkerLauncher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Before the first test: has the class archive made that the tests' workers start from, as a user's do from the second run
 * on. Only where tests read archives ({@code io.multijvm.archives=read}) and our classes come from jars; without it they are
 * slower and no different. In a JVM of its own, for one that makes an archive leaves a worker behind while it does.
 */
public final class ArchiveFirst implements LauncherSessionListener {
    private static final int PATIENCE_SECONDS = 60;

    private static final String IN_USE = "-XX:SharedArchiveFile=";

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        try {
            if (System.getProperty("io.multijvm.archives", "").equals("read")
                    && ClassArchive.of(LaunchSpec.defaults()).isPresent()
                    && !isThere()) {
                make();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isThere() throws IOException {
        return WorkerLauncher.preview(LaunchSpec.defaults()).contains(IN_USE);
    }

    private static void make() throws IOException, InterruptedException {
        Path output = Files.createTempFile("archive-first", ".txt");
        Process maker = ChildJvm.start(ChildJvm.java(), List.of(), output, ArchiveFirst.class);
        try {
            boolean ended = maker.waitFor(2L * PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended || !isThere()) {
                System.out.println("workers of the tests start without a class archive: " + Files.readString(output));
            }
        } finally {
            maker.destroyForcibly().waitFor();
            Files.delete(output);
        }
    }

    /** A pool whose first worker has the archive made; ends when it is there, or when that takes too long. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (Pool pool = Pool.processes(1)) {
            pool.map(item -> item, List.of(1));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!isThere() && System.nanoTime() - end < 0) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }
}
