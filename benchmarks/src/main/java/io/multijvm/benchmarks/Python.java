// SPDX-License-Identifier: Apache-2.0
package io.multijvm.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** CPython's side of the parts, or the reason why it is missing. */
final class Python implements AutoCloseable {
    private final @Nullable PythonPeer peer;
    private final String whyNot;

    private Python(@Nullable PythonPeer peer, String whyNot) {
        this.peer = peer;
        this.whyNot = whyNot;
    }

    /** @throws BenchmarkException if there is a python but our program does not run in it */
    static Python open(String command, Path program) throws BenchmarkException {
        try {
            return new Python(PythonPeer.start(command, program), "");
        } catch (IOException e) {
            return new Python(null, command + " could not be started; install CPython 3 or name one with --python");
        }
    }

    String version() {
        return peer == null ? "none" : peer.version();
    }

    Contender contender(String name, String pool, String operation, int count) {
        PythonPeer running = peer;
        return running == null
                ? Contender.skipped(name, whyNot)
                : Contender.peer(name, () -> running.measure(pool, operation, count));
    }

    /** As {@link #contender}, of a library that may be missing. */
    Contender joblib(String name, String operation, int count) {
        return peer == null || peer.hasJoblib()
                ? contender(name, "joblib", operation, count)
                : Contender.skipped(name, "this Python has no joblib; Debian's package is python3-joblib");
    }

    @Override
    public void close() {
        if (peer != null) {
            peer.close();
        }
    }
}
