// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

/**
 * One measurement.
 *
 * @param nanos how long it took
 * @param check made of the results; all contenders of a part must come to the same
 */
record Measured(long nanos, long check) {}
