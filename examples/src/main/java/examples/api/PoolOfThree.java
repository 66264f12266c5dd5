// SPDX-License-Identifier: Apache-2.0
package examples.api;

import examples.data.NameList;
import examples.names.Soundex;
import io.multijvm.Pool;
import io.multijvm.TaskFuture;
import java.util.ArrayList;
import java.util.List;

/** A pool of three over a list of names: Python's apply, apply_async, map and map_async, one below the other. */
public final class PoolOfThree {
    private static final List<String> NAMES = NameList.of(1, 6);

    private PoolOfThree() {}

    /** Runs it with the kind of pool that the argument names: processes, threads or serial. */
    public static void main(String[] args) {
        try (Pool pool = PoolKind.open(args, 3)) {
            System.out.println("names     " + NAMES);
            System.out.println("apply     " + apply(pool));
            System.out.println("submit    " + submit(pool));
            System.out.println("map       " + pool.map(Soundex::code, NAMES));
            System.out.println(
                    "mapAsync  " + pool.mapAsync(Soundex::code, NAMES).join());
        }
    }

    /** One call after the other, each of which waits: three workers are no faster than one. */
    private static List<String> apply(Pool pool) {
        List<String> codes = new ArrayList<>();
        for (String name : NAMES) {
            codes.add(pool.apply(() -> Soundex.code(name)));
        }
        return codes;
    }

    /** All at once; the futures are waited for when all have been handed in. */
    private static List<String> submit(Pool pool) {
        List<TaskFuture<String>> futures = new ArrayList<>();
        for (String name : NAMES) {
            futures.add(pool.submit(() -> Soundex.code(name)));
        }
        return futures.stream().map(TaskFuture::join).toList();
    }
}
