// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The environment is kept, less what two processes cannot both have. */
class WorkerEnvironmentTest {
    @Test
    void debuggerAndManagementGoAndTheRestStays() {
        Map<String, String> own = Map.of(
                "JAVA_TOOL_OPTIONS",
                "-Dproxy=a -agentlib:jdwp=transport=dt_socket,address=5005 \"-Dname=two words\" -javaagent:x.jar",
                "JDK_JAVA_OPTIONS",
                "-Dcom.sun.management.jmxremote.port=9010  -Xrunjdwp:x",
                "PATH",
                "/bin");
        assertThat(WorkerEnvironment.of(own, Map.of(), false))
                .containsOnly(
                        Map.entry("JAVA_TOOL_OPTIONS", "-Dproxy=a \"-Dname=two words\" -javaagent:x.jar"),
                        Map.entry("PATH", "/bin"));
    }

    @Test
    void aDebuggerInQuotesIsFoundAndOneInsideAValueIsNot() {
        assertThat(WorkerEnvironment.of(
                        Map.of("_JAVA_OPTIONS", "'-agentlib:jdwp=a b' '-Dx=1 -agentlib:jdwp'"), Map.of(), false))
                .containsOnly(Map.entry("_JAVA_OPTIONS", "'-Dx=1 -agentlib:jdwp'"));
    }

    @Test
    void aHeapInTheEnvironmentYieldsToOneThatWasAskedFor() {
        Map<String, String> own = Map.of("_JAVA_OPTIONS", "-Xmx8g -Dx=1 -XX:MaxHeapSize=1g -Xms2g");
        assertThat(WorkerEnvironment.of(own, Map.of(), true)).containsOnly(Map.entry("_JAVA_OPTIONS", "-Dx=1"));
        assertThat(WorkerEnvironment.of(own, Map.of(), false)).isEqualTo(own);
    }

    @Test
    void whatIsSetForTheWorkersIsTakenAsItIs() {
        assertThat(WorkerEnvironment.of(
                        Map.of("A", "old", "B", "kept"),
                        Map.of("A", "new", "JAVA_TOOL_OPTIONS", "-agentlib:jdwp=address=0"),
                        true))
                .containsOnly(
                        Map.entry("A", "new"),
                        Map.entry("B", "kept"),
                        Map.entry("JAVA_TOOL_OPTIONS", "-agentlib:jdwp=address=0"));
    }
}
