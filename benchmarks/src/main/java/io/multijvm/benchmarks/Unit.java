// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

/** What a part's figures are. */
enum Unit {
    MICROS("µs"),
    MILLIS("ms"),
    ITEMS_A_SECOND("items/s");

    private final String symbol;

    Unit(String symbol) {
        this.symbol = symbol;
    }

    String symbol() {
        return symbol;
    }

    /** The figure of {@code items} that took so long together; a time is of the whole. */
    double of(long nanos, int items) {
        return switch (this) {
            case MICROS -> nanos / 1e3;
            case MILLIS -> nanos / 1e6;
            case ITEMS_A_SECOND -> items * 1e9 / nanos;
        };
    }

    /** How many times as fast {@code ours} is as {@code theirs}. */
    double timesAsFast(double ours, double theirs) {
        return this == ITEMS_A_SECOND ? ours / theirs : theirs / ours;
    }
}
