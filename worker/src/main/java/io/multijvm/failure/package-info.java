/**
 * How items fail: one small exception for each reason, all under {@link io.multijvm.failure.MultijvmException}.
 *
 * <p>For users who handle failures, in the coordinator and in tasks.
 */
@NullMarked
package io.multijvm.failure;

import org.jspecify.annotations.NullMarked;
