// SPDX-License-Identifier: Apache-2.0
/** Every example, run in every way that it can be run. */
@NullMarked
package io.multijvm.examples;

import org.jspecify.annotations.NullMarked;
