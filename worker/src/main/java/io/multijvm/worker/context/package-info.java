/** What a running task can ask of its worker, whatever kind of pool that belongs to. Knows neither chunks nor the wire. */
@NullMarked
package io.multijvm.worker.context;

import org.jspecify.annotations.NullMarked;
