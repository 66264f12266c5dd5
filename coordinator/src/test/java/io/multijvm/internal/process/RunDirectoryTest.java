// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.wire.mapped.RecorderFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files lie where nobody else can reach them, and nothing is left. */
@Timeout(60)
class RunDirectoryTest {
    @TempDir
    Path temporary;

    @Test
    void nothingIsLeftAfterCloseAndClosingTwiceIsFine() throws IOException {
        RunDirectory directory = RunDirectory.create();
        Path files = directory.createWorkerDirectory(0, 1);
        Files.writeString(files.resolve("stdout.log"), "x");
        Files.createDirectories(files.resolve("deep/er"));
        Path recorder = directory.recorderPath(0, 1);
        Files.writeString(recorder, "x");
        directory.close();
        directory.close();
        assertThat(directory.path()).doesNotExist();
        assertThat(recorder).doesNotExist();
    }

    @Test
    void aPlantedLinkIsRemovedAndNotFollowed() throws IOException {
        Path victim = Files.createDirectory(temporary.resolve("victim"));
        Path precious = Files.writeString(victim.resolve("precious"), "x");
        RunDirectory directory = RunDirectory.create();
        Files.createSymbolicLink(directory.createWorkerDirectory(0, 1).resolve("link"), victim);
        Files.createSymbolicLink(directory.path().resolve("w0-2"), victim);
        Files.createSymbolicLink(directory.recorderPath(0, 2), precious);
        assertThatThrownBy(() -> directory.createWorkerDirectory(0, 2)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> RecorderFile.create(directory.recorderPath(0, 2), 4096))
                .isInstanceOf(FileAlreadyExistsException.class);
        directory.retire(0, 2);
        directory.close();
        assertThat(directory.path()).doesNotExist();
        assertThat(precious).hasContent("x");
    }

    @Test
    void aWorkersFilesGoWithItUnlessItCrashed() throws IOException {
        try (RunDirectory directory = RunDirectory.create()) {
            Path quiet = directory.createWorkerDirectory(0, 1);
            Path crashed = directory.createWorkerDirectory(0, 2);
            Files.writeString(crashed.resolve("hs_err.log"), "#");
            Path recorder = Files.writeString(directory.recorderPath(0, 1), "x");
            directory.retire(0, 1);
            directory.retire(0, 2);
            assertThat(quiet).doesNotExist();
            assertThat(recorder).doesNotExist();
            assertThat(crashed).exists();
        }
    }

    @Test
    void aRecorderHasOnePlaceThatNobodyCanGuess() throws IOException {
        try (RunDirectory directory = RunDirectory.create()) {
            Path first = directory.recorderPath(0, 1);
            assertThat(directory.recorderPath(0, 1)).isEqualTo(first);
            assertThat(directory.recorderPath(0, 2)).isNotEqualTo(first);
            assertThat(first.getFileName().toString()).matches("multijvm-\\d+-\\d+-[0-9a-z]+-[0-9a-f]{32}");
        }
    }

    @Test
    void aDirectoryForSocketsIsPrivateAndItsPathShort() throws IOException {
        try (PrivateDirectory directory = PrivateDirectory.createForSockets("multijvm-hub")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
                    .isEqualTo("rwx------");
            String socket = directory.path().resolve("s".repeat(24)).toString();
            assertThat(socket.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(90);
        }
        Path deep = Files.createDirectories(temporary.resolve("d".repeat(80)));
        assertThat(PrivateDirectory.shortEnough("multijvm-hub", List.of(deep))).containsExactly(Path.of("/tmp"));
    }

    @Test
    void aProgramThatForgetsToCloseLeavesNothing() throws Exception {
        Process process = new ProcessBuilder(
                        JavaVersion.program(null).toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Forgetful.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Path> paths = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(Path::of)
                .toList();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(paths).hasSize(2).noneMatch(Files::exists);
    }

    /** Opens a run directory and exits. */
    static final class Forgetful {
        private Forgetful() {}

        public static void main(String[] args) throws IOException {
            RunDirectory directory = RunDirectory.create();
            System.out.println(directory.createWorkerDirectory(0, 1));
            System.out.println(Files.writeString(directory.recorderPath(0, 1), "x"));
            System.exit(0);
        }
    }
}
