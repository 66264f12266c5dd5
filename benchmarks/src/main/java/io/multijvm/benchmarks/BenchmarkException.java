// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

/** The run cannot go on; the message is for the user. */
final class BenchmarkException extends Exception {
    BenchmarkException(String message) {
        super(message);
    }

    BenchmarkException(String message, Throwable cause) {
        super(message, cause);
    }
}
