// SPDX-License-Identifier: Apache-2.0
/** Items that failed for good by a death: written down, and read again to be run alone. */
@NullMarked
package io.multijvm.internal.quarantine;

import org.jspecify.annotations.NullMarked;
