// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import io.multijvm.internal.process.MemorySize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a trial's JVM is told.
 *
 * @param heap of that JVM
 * @param list its command line behind the main class
 * @param fault that is asked for in it, or null
 */
public record TrialArguments(
        MemorySize heap, List<String> list, @Nullable FaultAt fault) {
    public TrialArguments {
        list = List.copyOf(list);
    }
}
