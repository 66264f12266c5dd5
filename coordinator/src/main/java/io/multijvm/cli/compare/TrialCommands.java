// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import org.jspecify.annotations.Nullable;

/** Says what the JVM of a trial has to be told. */
public interface TrialCommands {

    /** For a trial of a setup, with a fault in it or without. */
    TrialArguments trial(Setup setup, @Nullable FaultAt fault, TrialFiles files);

    /** For the sweep over lengths of items. */
    TrialArguments sweep(Setup processes, TrialFiles files);
}
