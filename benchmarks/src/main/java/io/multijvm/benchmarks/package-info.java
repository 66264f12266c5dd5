// SPDX-License-Identifier: Apache-2.0
/** Figures against CPython's multiprocessing and a raw socket, measured in one run. */
@NullMarked
package io.multijvm.benchmarks;

import org.jspecify.annotations.NullMarked;
