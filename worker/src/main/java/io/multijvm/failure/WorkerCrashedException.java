// SPDX-License-Identifier: Apache-2.0
package io.multijvm.failure;

import java.util.Optional;

/**
 * A worker died while it ran this item: a native crash, memory, {@code System.exit}, {@code Runtime.halt} or a kill; or it hung
 * and was ended: its whole JVM gave no sign of life, as when somebody stopped it with SIGSTOP. A hang is a crash to
 * {@code retries}, also where its cause came from outside, for nobody can tell what the item had done by then. The item may have
 * had effects. The chunk's other items are not concerned.
 */
public final class WorkerCrashedException extends MultijvmException {
    private final CrashReport report;

    public WorkerCrashedException(CrashReport report) {
        super(report.kind().failureKind(), report.summary(), null);
        this.report = report;
    }

    @Override
    public Optional<CrashReport> report() {
        return Optional.of(key().map(report::named).orElse(report));
    }
}
