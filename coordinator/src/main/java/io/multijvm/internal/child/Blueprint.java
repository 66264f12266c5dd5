// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.child;

import io.multijvm.internal.process.LaunchSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * All that is settled of a process before it has a task: what was started by one can serve whoever wants an equal one.
 *
 * @param launch how its JVM is started
 * @param jobPath what it loads child-first; empty for none
 */
public record Blueprint(LaunchSpec launch, List<Path> jobPath) {
    public Blueprint {
        jobPath = List.copyOf(jobPath);
    }
}
