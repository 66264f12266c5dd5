// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive is there whole or not at all, made by one at a time, and the directory neither grows nor is anybody else's. */
class ArchiveDirectoryTest {
    @TempDir
    Path root;

    private ArchiveDirectory archives;

    @BeforeEach
    void directoryThatIsNotThereYet() {
        archives = new ArchiveDirectory(root.resolve("cache/multijvm"), true);
    }

    @Test
    void anArchiveIsThereOnceItIsPublishedAndTheDirectoryIsOurs() throws IOException {
        make("a");
        assertThat(archives.find("a")).contains(archives.path().resolve("a.jsa"));
        assertThat(archives.find("b")).isEmpty();
        assumeThat(Files.getFileStore(root).supportsFileAttributeView("posix")).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archives.path())))
                .isEqualTo("rwx------");
    }

    @Test
    void oneMakesAtATimeAndWhatIsThereIsNotMadeAgain() throws IOException {
        try (ArchiveDirectory.Making first = archives.claim("a").orElseThrow()) {
            assertThat(archives.claim("a")).isEmpty();
            assertThat(archives.claim("b")).isEmpty();
            Files.writeString(first.unfinished(), "classes");
            assertThat(first.publish()).isTrue();
        }
        assertThat(archives.claim("a")).isEmpty();
        make("b");
    }

    @Test
    void whatADeadCoordinatorLeftIsRemovedByTheNext() throws IOException {
        ArchiveDirectory.Making dead = archives.claim("a").orElseThrow();
        Path half = Files.writeString(archives.path().resolve("a-dead.making"), "half");
        dead.close();
        make("a");
        assertThat(half).doesNotExist();
        assertThat(names()).containsExactlyInAnyOrder("a.jsa", "making.lock");
    }

    @Test
    void whatCannotBeMadeIsNotTriedAgain() throws IOException {
        try (ArchiveDirectory.Making making = archives.claim("a").orElseThrow()) {
            assertThat(making.publish()).isFalse();
            making.giveUp();
        }
        assertThat(archives.claim("a")).isEmpty();
        assertThat(archives.find("a")).isEmpty();
    }

    @Test
    void thoseThatWereNotUsedForLongestGo() throws IOException {
        for (int i = 0; i < ArchiveDirectory.KEPT; i++) {
            make("a" + i);
            Files.setLastModifiedTime(archives.path().resolve("a" + i + ".jsa"), FileTime.fromMillis(1_000_000L * i));
        }
        ArchiveDirectory.touch(archives.path().resolve("a0.jsa"));
        make("new");
        assertThat(names()).containsExactlyInAnyOrder("a0.jsa", "a2.jsa", "a3.jsa", "new.jsa", "making.lock");
    }

    @Test
    void aDirectoryThatOthersMayWriteIntoIsNotUsed() throws IOException {
        assumeThat(Files.getFileStore(root).supportsFileAttributeView("posix")).isTrue();
        make("a");
        Files.setPosixFilePermissions(archives.path(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(archives.find("a")).isEmpty();
        assertThat(archives.claim("b")).isEmpty();
    }

    @Test
    void aPlantedLinkIsNoArchive() throws IOException {
        make("a");
        Files.createSymbolicLink(
                archives.path().resolve("b.jsa"), archives.path().resolve("a.jsa"));
        assertThat(archives.find("b")).isEmpty();
    }

    @Test
    void whoMayOnlyReadMakesNone() throws IOException {
        make("a");
        ArchiveDirectory reader = new ArchiveDirectory(archives.path(), false);
        assertThat(reader.find("a")).isPresent();
        assertThat(reader.claim("b")).isEmpty();
    }

    @Test
    void aPlaceThatCannotBeMadeIsNoPlace() throws IOException {
        Path file = Files.writeString(root.resolve("file"), "");
        assertThat(new ArchiveDirectory(file.resolve("multijvm"), true).claim("a"))
                .isEmpty();
    }

    @Test
    void theUsersCacheIsWhereTheEnvironmentSaysElseBelowHome() {
        assertThat(ArchiveDirectory.standard("/x/cache", "/home/a")).contains(Path.of("/x/cache/multijvm"));
        assertThat(ArchiveDirectory.standard("relative", "/home/a")).contains(Path.of("/home/a/.cache/multijvm"));
        assertThat(ArchiveDirectory.standard(null, "?")).isEmpty();
        assertThat(ArchiveDirectory.standard(null, null)).isEmpty();
    }

    @Test
    void anArchivesNameChangesWithTheJarsAndThereIsNoneForDirectories() throws IOException {
        JavaVersion version = JavaVersion.of(JavaVersion.program(null));
        Path jar = Files.writeString(root.resolve("a.jar"), "1");
        Optional<String> before = ClassArchive.name(version, List.of(jar.toString()));
        assertThat(before).isPresent().isEqualTo(ClassArchive.name(version, List.of(jar.toString())));
        Files.writeString(jar, "22");
        assertThat(ClassArchive.name(version, List.of(jar.toString())))
                .isPresent()
                .isNotEqualTo(before);
        assertThat(ClassArchive.name(version, List.of(jar.toString(), root.toString())))
                .isEmpty();
    }

    private void make(String name) throws IOException {
        try (ArchiveDirectory.Making making = archives.claim(name).orElseThrow()) {
            Files.writeString(making.unfinished(), "classes");
            assertThat(making.publish()).isTrue();
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(archives.path())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
