// SPDX-License-Identifier: Apache-2.0
package examples.api;

import io.multijvm.Pool;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The word behind each of these programs: what kind of pool it shall use. */
enum PoolKind {
    PROCESSES,
    THREADS,
    SERIAL;

    private static final int BAD_INPUT = 2;

    /** A pool of the kind that the only argument names; the serial kind has no workers. Exits with 2 if it names none. */
    static Pool open(String[] args, int workers) {
        String kind = args.length == 1 ? args[0] : "";
        for (PoolKind each : values()) {
            if (each.word().equals(kind)) {
                return each.pool(workers);
            }
        }
        System.err.println("error: " + (args.length == 0 ? "nothing" : '"' + String.join(" ", args) + '"')
                + " is not a kind of pool; give one of "
                + Arrays.stream(values()).map(PoolKind::word).collect(Collectors.joining(", ")));
        System.exit(BAD_INPUT);
        throw new AssertionError("exit came back");
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private Pool pool(int workers) {
        return switch (this) {
            case PROCESSES -> Pool.processes(workers);
            case THREADS -> Pool.threads(workers);
            case SERIAL -> Pool.serial();
        };
    }
}
