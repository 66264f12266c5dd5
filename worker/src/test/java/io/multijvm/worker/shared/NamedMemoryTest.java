// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.multijvm.shared.SharedHandle;
import io.multijvm.wire.lineage.ProcessStamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory is found by its name only where its file is this user's own, and its owner lives. */
class NamedMemoryTest {
    private static final Path HOME = Path.of("/dev/shm");
    private static final String KEY = "00".repeat(32);

    @TempDir
    Path directory;

    private final String name = "a: strange/name\0" + UUID.randomUUID();
    private final Path file = file(ProcessStamp.ofThisProcess());

    private Path file(ProcessStamp owner) {
        return HOME.resolve(NamedMemory.PREFIX + "-" + owner + "-" + NamedMemory.digest(name) + "00ff");
    }

    @BeforeEach
    void onlyWhereMemoryIsShared() {
        assumeTrue(Files.isWritable(HOME), "there is no " + HOME + " that this user can write to");
    }

    @AfterEach
    void leaveNothing() throws Exception {
        Files.deleteIfExists(file);
    }

    private ByteBuffer page() {
        return NamedMemory.header(name, new SharedHandle("unix:/nowhere", 5, KEY, 7, "MEMORY"));
    }

    private void write(Path path, String mode) throws Exception {
        Files.createFile(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        Files.write(path, page().array());
    }

    @Test
    void itTellsItsNameAndItsHandle() throws Exception {
        write(file, "rw-------");
        assertThat(NamedMemory.find(name)).singleElement().satisfies(found -> {
            assertThat(found.name()).isEqualTo(name);
            assertThat(found.handle().object()).isEqualTo(7);
            assertThat(found.handle().manager()).isEqualTo(5);
            assertThat(found.ownersPid())
                    .isEqualTo(String.valueOf(ProcessHandle.current().pid()));
        });
        assertThat(NamedMemory.find(name + "x")).isEmpty();
    }

    @Test
    void whoIsInterruptedFindsItToo() throws Exception {
        write(file, "rw-------");
        Thread.currentThread().interrupt();
        try {
            assertThat(NamedMemory.find(name)).hasSize(1);
        } finally {
            assertThat(Thread.interrupted()).as("the interrupt stays").isTrue();
        }
    }

    @Test
    void aLinkIsNotFollowed() throws Exception {
        Path target = directory.resolve("target");
        write(target, "rw-------");
        Files.createSymbolicLink(file, target);
        assertThat(NamedMemory.find(name)).isEmpty();
        assertThatThrownBy(() -> NamedMemory.of(file)).isInstanceOf(IOException.class);
    }

    @Test
    void whatOthersCanChangeIsNotLookedAt() throws Exception {
        write(file, "rw-rw----");
        assertThat(NamedMemory.find(name)).isEmpty();
    }

    @Test
    void whatIsNotReadyYetIsNotThere() throws Exception {
        write(file, "rw-------");
        Files.write(file, new byte[NamedMemory.HEADER_BYTES]);
        assertThat(NamedMemory.find(name)).isEmpty();
    }

    @Test
    void whatADeadProcessHasLeftIsNotThere() throws Exception {
        Path dead = file(
                new ProcessStamp(999_999_999L, 1, ProcessStamp.ofThisProcess().place()));
        try {
            write(dead, "rw-------");
            assertThat(NamedMemory.find(name)).isEmpty();
        } finally {
            Files.deleteIfExists(dead);
        }
    }

    @Test
    void aNameMustBeOne() {
        for (String bad : new String[] {"", "  ", "x".repeat(201)}) {
            assertThatThrownBy(() -> NamedMemory.checked(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("name");
        }
    }
}
