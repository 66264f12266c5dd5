// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LastWordsTest {
    private static final StackTraceElement USER =
            new StackTraceElement("app", "", "", "jobs.Broken", "run", "Broken.java", 42);
    private static final StackTraceElement USERS_EXIT =
            new StackTraceElement("app", "", "", "jobs.Broken", "exit", "Broken.java", 7);

    @Test
    void onlyTheFramesAboveTheCallOfExitAreKeptWithoutLoaderAndModule() {
        StackTraceElement[] stack = {
            jdk("java.lang.Object", "wait"),
            jdk("java.lang.Shutdown", "exit"),
            jdk("java.lang.Runtime", "exit"),
            jdk("java.lang.System", "exit"),
            USERS_EXIT,
            USER
        };
        assertThat(LastWords.wordsOf(stack))
                .isEqualTo("System.exit\njobs.Broken.exit(Broken.java:7)\njobs.Broken.run(Broken.java:42)");
    }

    @Test
    void runtimeExitIsTheSame() {
        StackTraceElement[] stack = {jdk("java.lang.Runtime", "exit"), USER};
        assertThat(LastWords.wordsOf(stack)).isEqualTo("System.exit\njobs.Broken.run(Broken.java:42)");
    }

    @Test
    void aThreadThatDoesSomethingElseHasNoWords() {
        StackTraceElement[] stack = {jdk("java.lang.Object", "wait"), USERS_EXIT, USER};
        assertThat(LastWords.wordsOf(stack)).isNull();
    }

    private static StackTraceElement jdk(String type, String method) {
        return new StackTraceElement(null, "java.base", "17", type, method, null, -2);
    }
}
