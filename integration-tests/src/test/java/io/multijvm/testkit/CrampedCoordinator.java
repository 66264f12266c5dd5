// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import io.multijvm.Pool;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A coordinator where there is little room for files. Prints one line: {@code OK}, or what was thrown, and how long it took. */
public final class CrampedCoordinator {
    private static final int ITEMS = 8;
    private static final int BYTES = 2 << 20;
    private static final int LINES = 20;
    private static final int LINE_CHARACTERS = 64 << 10;

    private CrampedCoordinator() {}

    public static void main(String[] args) {
        long begin = System.nanoTime();
        String end = "OK";
        try (Pool pool = Pool.processes(2)) {
            List<byte[]> items = IntStream.range(0, ITEMS)
                    .mapToObj(CrampedCoordinator::pattern)
                    .toList();
            List<byte[]> results = pool.map(CrampedCoordinator::changed, items);
            for (int i = 0; i < ITEMS; i++) {
                if (!Arrays.equals(results.get(i), pattern(i + 1))) {
                    throw new IllegalStateException("result " + i + " is wrong");
                }
            }
        } catch (RuntimeException e) {
            end = e.getClass().getSimpleName() + ": " + e.getMessage();
        }
        System.out.printf("%s (%d ms)%n", end, (System.nanoTime() - begin) / 1_000_000);
    }

    private static byte[] changed(byte[] item) {
        // more than there is room for in a file
        for (int i = 0; i < LINES; i++) {
            System.out.println("x".repeat(LINE_CHARACTERS));
        }
        for (int i = 0; i < item.length; i++) {
            item[i]++;
        }
        return item;
    }

    private static byte[] pattern(int number) {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }
}
