/**
 * The file that a worker and its coordinator both map: what the worker does now, what it has finished, what it said last.
 * It outlives the worker's process, so what lies in it is known however the worker ended.
 */
@NullMarked
package io.multijvm.wire.mapped;

import org.jspecify.annotations.NullMarked;
