// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.util.OptionalInt;

/** The terminal that stderr may be. */
interface Terminal {
    /** What a terminal is taken for that does not know its own width. */
    int USUAL_COLUMNS = 80;

    /** A file, a pipe, or nothing. */
    Terminal NONE = OptionalInt::empty;

    /** How wide it is now; empty if stderr is no terminal. May be asked as often as one likes. */
    OptionalInt columns();
}
