// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Pool;
import io.multijvm.ResultStream;
import java.util.stream.Stream;

/** A coordinator that streams large items and results until it is killed. Says when the first of them are there. */
public final class StreamingCoordinator {
    private StreamingCoordinator() {}

    public static void main(String[] args) {
        byte[] item = new byte[3 << 20];
        try (Pool pool = Pool.processes(2);
                ResultStream<byte[]> results = pool.imap(
                        bytes -> bytes.clone(),
                        () -> Stream.generate(() -> item).iterator())) {
            int taken = 0;
            for (byte[] result : results) {
                taken += result.length / item.length;
                if (taken == 20) {
                    System.out.println("20 results");
                }
            }
        }
    }
}
