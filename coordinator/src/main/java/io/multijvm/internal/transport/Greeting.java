// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.internal.dispatch.FaultRule;
import java.nio.file.Path;
import java.util.List;

/**
 * What each worker of a pool is told when it comes in.
 *
 * @param codec class name of what it encodes and decodes with
 * @param jobPath what it loads child-first; empty for none
 * @param faults that were ordered for its items; as a rule none
 */
public record Greeting(String codec, List<Path> jobPath, List<FaultRule> faults) {
    public Greeting {
        jobPath = List.copyOf(jobPath);
        faults = List.copyOf(faults);
    }
}
