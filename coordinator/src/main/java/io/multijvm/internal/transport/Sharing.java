// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.transport;

import io.multijvm.internal.arena.ResultArena;
import io.multijvm.internal.arena.SegmentMaker;
import java.util.concurrent.Executor;

/**
 * Memory that one worker and this JVM may share; without it, large payloads cross in frames.
 *
 * @param maker makes it
 * @param support threads for making and filling it
 * @param results what the worker writes
 */
public record Sharing(SegmentMaker maker, Executor support, ResultArena results) {}
