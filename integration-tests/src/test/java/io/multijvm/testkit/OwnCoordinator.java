// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Manager;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Owns an object, whose handle it leaves in a file, until it is killed or its stdin ends. */
public final class OwnCoordinator {
    private OwnCoordinator() {}

    /** What others call. */
    public interface Place {
        /** How often somebody was here. */
        int visit();

        /** Never returns. */
        void stay() throws InterruptedException;
    }

    private static final class Here implements Place {
        private int visits;

        @Override
        public int visit() {
            return ++visits;
        }

        @Override
        public void stay() throws InterruptedException {
            System.out.println("entered");
            new CountDownLatch(1).await();
        }
    }

    /** The first argument is the file. */
    public static void main(String[] args) throws IOException {
        try (Manager manager = Manager.start()) {
            try (OutputStream file = Files.newOutputStream(Path.of(args[0]));
                    ObjectOutputStream out = new ObjectOutputStream(file)) {
                out.writeObject(manager.register(Place.class, Here::new));
            }
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // until it ends
            }
        }
    }
}
