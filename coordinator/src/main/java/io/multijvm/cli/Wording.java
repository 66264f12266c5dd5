// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.util.logging.LogRecord;

/** How what happens is written on stderr: one or more whole lines, without the last line break. */
interface Wording {

    /** How far the run is. */
    String progress(Progress progress);

    String failure(FailedItem failed);

    /** Something that the user should know and that is no failure. */
    String notice(String message);

    /** Something that this program or one of its workers logged. */
    String log(LogRecord record);

    /** The last line of a run. */
    String end(RunEnd end);

    /** The one line of an error that ends the program. */
    String error(String message);

    /** The same, for what must not happen: with all that helps to find out why it did. */
    String bug(String message, Throwable thrown);
}
