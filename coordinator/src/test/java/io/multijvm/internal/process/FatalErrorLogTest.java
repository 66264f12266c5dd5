// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a dying JVM leaves in its log, reading it neither fails nor takes long. */
class FatalErrorLogTest {
    private static final String LOG = """
            #
            # A fatal error has been detected by the Java Runtime Environment:
            #
            #  SIGBUS (0x7) at pc=0x00007f16c5, pid=4711, tid=4712
            #
            # Problematic frame:
            # C  [libfoo.so+0x1139]  decode_page+0x9
            #
            Native frames: (J=compiled Java code, j=interpreted, Vv=VM code, C=native code)
            C  [libfoo.so+0x1139]  decode_page+0x9

            Java frames: (J=compiled Java code, j=interpreted, Vv=VM code)
            J 71 c2 org.foo.Native.decode([BI)I (0 bytes) @ 0x00007f [0x00007f+0x4d]
            j  org.foo.Page$Reader.lambda$read$0(Lorg/foo/Page;)V+17
            v  ~StubRoutines::call_stub

            siginfo: si_signo: 7 (SIGBUS), si_code: 2 (BUS_ADRERR), si_addr: 0x0000000000000008

            Resident Set Size: 41000K (peak: 52000K) (anon: 30000K, file: 11000K, shmem: 0K)
            """;

    @TempDir
    Path directory;

    @Test
    void theLinesThatMatterAreFound() throws Exception {
        FatalErrorLog log = parse(LOG);
        assertThat(log.signal()).isEqualTo("SIGBUS");
        assertThat(log.cause()).startsWith("SIGBUS (0x7) at pc=");
        assertThat(log.problematicFrame()).isEqualTo("C  [libfoo.so+0x1139]  decode_page+0x9");
        assertThat(log.javaFrames()).containsExactly("org.foo.Native.decode", "org.foo.Page$Reader.lambda$read$0");
        assertThat(log.signalInfo()).startsWith("si_signo: 7");
        assertThat(log.address()).hasValue("0x8");
        assertThat(log.sender()).isEmpty();
        assertThat(log.resident()).isEqualTo(new MemoryReadings.Resident(41000L << 10, 52000L << 10));
    }

    @Test
    void aLogThatBreaksOffAnywhereIsReadAsFarAsItGoes() throws Exception {
        for (int length = 0; length < LOG.length(); length += 7) {
            FatalErrorLog log = parse(LOG.substring(0, length));
            assertThat(log.javaFrames().size()).isLessThanOrEqualTo(2);
            if (length > LOG.indexOf("Native frames")) {
                assertThat(log.problematicFrame()).isEqualTo("C  [libfoo.so+0x1139]  decode_page+0x9");
            }
        }
    }

    @Test
    void garbageYieldsAnEmptyReportInNoTime() throws Exception {
        Path file = directory.resolve("hs_err.log");
        byte[] random = new byte[1 << 20];
        new Random(17).nextBytes(random);
        Files.write(file, random);
        FatalErrorLog noise = FatalErrorLog.read(file).orElseThrow();
        assertThat(noise.javaFrames()).isEmpty();
        assertThat(noise.signal()).isEmpty();

        Files.writeString(file, "Java frames:\nj " + "a".repeat(1 << 20));
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> FatalErrorLog.read(file));
    }

    @Test
    void aSystemWithoutMemoryIsNoCrash() throws Exception {
        FatalErrorLog log = parse("#\n# There is insufficient memory for the Java Runtime Environment to continue.\n");
        assertThat(log.insufficientMemory()).isTrue();
        assertThat(log.signal()).isEmpty();
    }

    @Test
    void noLogIsNoReport() {
        assertThat(FatalErrorLog.read(directory.resolve("missing"))).isEmpty();
        assertThat(FatalErrorLog.read(directory)).isEmpty();
    }

    private FatalErrorLog parse(String text) throws Exception {
        Path file = directory.resolve("hs_err.log");
        Files.writeString(file, text);
        return FatalErrorLog.read(file).orElseThrow();
    }
}
