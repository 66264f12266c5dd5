// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import io.multijvm.failure.MultijvmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs all parts once a round, so that what else happens on the machine falls on all of them, and within a part the
 * contenders one after the other in an order that is another one each round.
 */
final class Runner {
    private final Sizes sizes;
    private final Consumer<String> progress;
    /** Part and contender, to the figures so far. */
    private final Map<String, List<Double>> figures = new LinkedHashMap<>();
    /** Part, to what its contenders' results come to. */
    private final Map<String, Long> checks = new LinkedHashMap<>();

    /** @param progress hears what happens now */
    Runner(Sizes sizes, Consumer<String> progress) {
        this.sizes = sizes;
        this.progress = progress;
    }

    List<Report.PartResult> run(List<Part> parts) throws BenchmarkException {
        for (Part part : parts) {
            progress.accept("warming up: " + part.title());
            for (Contender contender : part.contenders()) {
                for (int i = 0; i < sizes.warmups(); i++) {
                    measure(part, contender);
                }
            }
        }
        for (int round = 0; round < sizes.rounds(); round++) {
            progress.accept("round " + (round + 1) + " of " + sizes.rounds());
            for (Part part : parts) {
                int contenders = part.contenders().size();
                for (int i = 0; i < contenders; i++) {
                    Contender contender = part.contenders().get((i + round) % contenders);
                    Measured measured = measure(part, contender);
                    if (measured != null) {
                        figures(part, contender).add(part.unit().of(measured.nanos(), part.items()));
                    }
                }
            }
        }
        return parts.stream().map(this::result).toList();
    }

    /** Null if the contender cannot run here. */
    private @Nullable Measured measure(Part part, Contender contender) throws BenchmarkException {
        Contender.Work work = contender.work();
        if (work == null) {
            return null;
        }
        Measured measured;
        try {
            measured = work.measure();
        } catch (MultijvmException e) {
            throw new BenchmarkException(contender.name() + ", " + part.title() + ": " + e.getMessage(), e);
        }
        Long before = checks.putIfAbsent(part.id(), measured.check());
        if (before != null && before != measured.check()) {
            throw new BenchmarkException(contender.name() + ", " + part.title() + ": the results come to "
                    + measured.check() + ", an earlier contender's to " + before + "; they did not do the same work");
        }
        return measured;
    }

    private List<Double> figures(Part part, Contender contender) {
        return figures.computeIfAbsent(part.id() + "/" + contender.name(), name -> new ArrayList<>());
    }

    private Report.PartResult result(Part part) {
        List<Report.Row> rows = part.contenders().stream()
                .map(contender -> new Report.Row(
                        contender.name(),
                        List.copyOf(figures(part, contender)),
                        ratios(part, contender),
                        contender.skipped()))
                .toList();
        return new Report.PartResult(part.id(), part.title(), part.unit().symbol(), rows);
    }

    private List<Report.Ratio> ratios(Part part, Contender contender) {
        List<Double> own = figures(part, contender);
        List<Report.Ratio> ratios = new ArrayList<>();
        for (Contender other : part.contenders()) {
            List<Double> theirs = figures(part, other);
            if (!contender.against().contains(other.name()) || theirs.isEmpty()) {
                continue;
            }
            List<Double> byRound = new ArrayList<>();
            for (int round = 0; round < own.size(); round++) {
                byRound.add(part.unit().timesAsFast(own.get(round), theirs.get(round)));
            }
            ratios.add(new Report.Ratio(other.name(), Spread.of(byRound)));
        }
        return ratios;
    }
}
