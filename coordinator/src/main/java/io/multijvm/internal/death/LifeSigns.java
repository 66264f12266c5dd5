// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.death;

/**
 * What the system says of a process at one moment.
 *
 * @param stopped by a signal or a debugger: none of its threads can run until somebody continues it
 * @param wantsCpu whether a thread of it runs, or could if it were given a core
 * @param waitsForDisk whether a thread of it waits for a disk, for pages that were swapped out, or for a network file system
 * @param cpuTicks the CPU time that it has used, in the system's own unit
 * @param dumpedBytes the length of the heap dump that it has open; 0 for none
 */
public record LifeSigns(boolean stopped, boolean wantsCpu, boolean waitsForDisk, long cpuTicks, long dumpedBytes) {}
