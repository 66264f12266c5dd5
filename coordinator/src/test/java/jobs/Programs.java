// SPDX-License-Identifier: Apache-2.0
package jobs;

import io.multijvm.Pool;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Main classes that a job jar may hold. */
public final class Programs {
    private Programs() {}

    /** Makes a pool, and writes what its workers gave into the file that it is told. */
    public static final class Pooling {
        record Squared(int square, String by) implements Serializable {}

        private Pooling() {}

        public static void main(String[] args) throws IOException {
            try (Pool pool = Pool.processes(1)) {
                List<Squared> squares = pool.map(
                        number -> new Squared(
                                number * number,
                                Squared.class.getClassLoader().getClass().getSimpleName()),
                        List.of(2, 3));
                Files.writeString(Path.of(args[0]), args.length + " " + squares);
            }
        }
    }

    /** Leaves a thread behind that still has to write. */
    public static final class Lingering {
        private Lingering() {}

        public static void main(String[] args) {
            Thread parent = Thread.currentThread();
            new Thread(() -> {
                        try {
                            parent.join();
                            Files.writeString(Path.of(args[0]), "written late");
                        } catch (IOException | InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .start();
        }
    }

    /** Ends the JVM with the code that it is told, or throws. */
    public static final class Exiting {
        private Exiting() {}

        public static void main(String[] args) {
            if (args.length == 0) {
                throw new IllegalStateException("no code was given");
            }
            System.exit(Integer.parseInt(args[0]));
        }
    }
}
