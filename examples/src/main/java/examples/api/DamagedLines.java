// SPDX-License-Identifier: Apache-2.0
package examples.api;

import examples.books.MeanPrice;
import examples.books.Reader;
import examples.data.Library;
import io.multijvm.Pool;
import io.multijvm.ResultStream;
import io.multijvm.task.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines of which some cannot be read: outcomes goes on where map would throw the first failure. */
public final class DamagedLines {
    private DamagedLines() {}

    /** Runs it with the kind of pool that the argument names: processes, threads or serial. */
    public static void main(String[] args) {
        List<String> lines = new ArrayList<>(
                Library.of(1, 6, 20).readers().stream().map(Reader::line).toList());
        lines.set(1, lines.get(1).replaceFirst(":[^:]*:", ":free:"));
        lines.set(4, "");
        try (Pool pool = PoolKind.open(args, 2);
                ResultStream<Outcome<String, MeanPrice>> outcomes = pool.outcomes(MeanPrice::ofLine, lines)) {
            for (Outcome<String, MeanPrice> outcome : outcomes) {
                String became = outcome.fold(
                        mean -> String.format(Locale.ROOT, "%s %.2f", mean.reader(), mean.mean()),
                        failure -> failure.kind() + ", " + failure.getCause());
                System.out.println("line " + outcome.index() + ": " + became);
            }
        }
    }
}
