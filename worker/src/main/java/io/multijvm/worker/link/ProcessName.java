// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.link;

/** What this process is called in messages about what it holds. */
public final class ProcessName {
    private static volatile String name = "a program";

    private ProcessName() {}

    /** Set once, early in its life. */
    public static void set(String given) {
        name = given;
    }

    static String ofThisProcess() {
        return name;
    }
}
