// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.multijvm.failure.CrashReport;
import io.multijvm.failure.DeathKind;
import io.multijvm.internal.call.CallSettings;
import io.multijvm.internal.chunk.ItemBlock;
import io.multijvm.internal.dispatch.DeadLetters.DeadItem;
import io.multijvm.internal.dispatch.WorkerProcess.Death;
import io.multijvm.internal.process.LaunchFacts;
import io.multijvm.internal.process.LaunchSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LetterFilesTest {
    private static final byte[] TASK = {1, 2, 3};

    @TempDir
    Path directory;

    private Path letters = Path.of("");
    private Path log = Path.of("");

    @BeforeEach
    void makeOffice() throws IOException {
        letters = LetterFiles.office(directory.resolve("letters"));
        log = Files.writeString(
                directory.resolve("hs_err.log"),
                "# SIGSEGV\nCommand Line: -Ddb.password=hunter2\njvm_args: -Ddb.password=hunter2\n# C  [libpdf.so+0x18]\n");
    }

    private Office office() {
        return office(LaunchSpec.defaults()
                .withHeap("64m")
                .withJvmArgs(List.of("-Ddb.password=hunter2", "-Dverbose=yes", "-Xss2m"))
                .withEnv(Map.of("DB_TOKEN", "hunter2")));
    }

    private Office office(LaunchSpec launch) {
        return new Office(
                letters,
                launch,
                new Letter.OfPool(
                        "io.multijvm.codec.JavaCodec",
                        Long.MIN_VALUE + 1,
                        new byte[] {9},
                        Duration.ofSeconds(5),
                        List.of(directory.resolve("job.jar")),
                        List.of("com.acme")));
    }

    private DeadItem item(ItemBlock block, long index) {
        CrashReport report = new CrashReport(
                DeathKind.NATIVE_CRASH,
                Instant.EPOCH,
                "killed by SIGSEGV in native code",
                OptionalInt.empty(),
                OptionalInt.of(11),
                CrashReport.Item.of(index, 2, Optional.empty()),
                new CrashReport.Worker(0, 3, 4711, 0),
                CrashReport.Memory.UNKNOWN,
                "C  [libpdf.so+0x18]  load",
                List.of("j  a.Poison.take(I)I+5"),
                List.of("bad xref"),
                List.of(log),
                "",
                "look");
        return new DeadItem(
                TASK,
                block,
                index,
                CallSettings.DEFAULTS.withItemTimeout(Duration.ofSeconds(7)),
                List.of(new Death(report)));
    }

    private static ItemBlock texts(long first, String... items) {
        ItemBlock.Builder block = new ItemBlock.Builder(first, 4);
        for (String item : items) {
            block.add(item.getBytes(StandardCharsets.UTF_8));
        }
        return block.build();
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        Path kept = office().keep(item(texts(10, "a", "bb", "a large one"), 11)).orElseThrow();
        Letter letter = LetterFiles.read(kept);

        assertThat(kept).isEqualTo(letters.resolve("item-11"));
        assertThat(letter.index()).isEqualTo(11);
        assertThat(letter.attempts()).isEqualTo(2);
        assertThat(letter.task()).isEqualTo(TASK);
        assertThat(letter.item()).asString(StandardCharsets.UTF_8).isEqualTo("bb");
        assertThat(letter.packed()).isNull();
        assertThat(letter.itemTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(letter.what()).isEqualTo("killed by SIGSEGV in native code");
        assertThat(letter.mark().signal()).hasValue(11);
        assertThat(letter.mark().javaFrame()).isEqualTo("a.Poison.take");
        assertThat(letter.pool().seed()).isEqualTo(Long.MIN_VALUE + 1);
        assertThat(letter.pool().init()).containsExactly(9);
        assertThat(letter.pool().jobPath()).containsExactly(directory.resolve("job.jar"));
        assertThat(letter.pool().allow()).containsExactly("com.acme");
        assertThat(letter.launch().heap()).isEqualTo("64m");
        assertThat(letter.launch().jvmArgs()).contains("-Dverbose=yes", "-Xss2m");
        assertThat(letter.launch().classPath()).isNotEmpty();

        Path large =
                office().keep(item(texts(10, "a", "bb", "a large one"), 12)).orElseThrow();
        assertThat(LetterFiles.read(large).item())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("a large one");
    }

    @Test
    void aPackedItemKeepsItsTypeAndItsBytes() throws IOException {
        ItemBlock.Builder block = new ItemBlock.Builder(0, 100);
        assertThat(block.pack(5) && block.pack(6)).isTrue();
        Letter letter = LetterFiles.read(office().keep(item(block.build(), 1)).orElseThrow());
        assertThat(letter.packed()).hasToString("packed INT");
        assertThat(letter.item()).containsExactly(6, 0, 0, 0);
    }

    @Test
    void anotherHeapWinsOverTheFlagsOfThen() {
        LaunchFacts then =
                LaunchFacts.of(LaunchSpec.defaults().withHeap("64m").withJvmArgs(List.of("-Xmx80m", "-Xss2m")), 0);
        assertThat(then.jvmArgs()).contains("-Xmx80m", "-Xss2m");
        assertThat(then.withHeap("96m").heap()).isEqualTo("96m");
        assertThat(then.withHeap("96m").jvmArgs()).contains("-Xss2m").doesNotContain("-Xmx80m");
    }

    @Test
    void onlyItsOwnerMayReadAnyOfItAndItHoldsNoSecrets() throws IOException {
        Path kept = office().keep(item(texts(0, "a"), 0)).orElseThrow();
        assertThat(rights(letters)).isEqualTo("rwx------");
        assertThat(rights(kept)).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(kept)) {
            List<Path> all = files.toList();
            assertThat(all)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder(
                            "letter.json", "task", "item", "init", "reports.txt", "reports.json", "hs_err-2.log");
            for (Path file : all) {
                assertThat(rights(file)).isEqualTo("rw-------");
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("hunter2");
            }
        }
        assertThat(Files.readString(kept.resolve("hs_err-2.log"))).contains("SIGSEGV", "libpdf.so");
        assertThat(Files.readString(kept.resolve("reports.txt"))).contains("killed by SIGSEGV", "bad xref");
        assertThat(Files.readString(kept.resolve("letter.json"))).contains("DB_TOKEN", "-Ddb.password");
        assertThat(LetterFiles.read(kept).launch().withheld()).containsExactly("-Ddb.password");
    }

    private static String rights(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void whatIsThereAlreadyIsLeftAloneALinkAsWell() throws IOException {
        Path victim = Files.createDirectory(directory.resolve("victim"));
        Files.createSymbolicLink(letters.resolve("item-0"), victim);
        Path other = Files.createDirectory(letters.resolve("item-0-2"));

        assertThat(office().keep(item(texts(0, "a"), 0))).contains(letters.resolve("item-0-3"));
        assertThat(victim).isEmptyDirectory();
        assertThat(other).isEmptyDirectory();
    }

    @Test
    void anOfficeBehindALinkOrOpenToOthersIsRefusedAndNotTouched() throws IOException {
        Path victim = Files.createDirectory(directory.resolve("victim"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), victim);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LetterFiles.office(link))
                .withMessageContaining("deadLetters " + link + " is a symbolic link");
        assertThat(victim).isEmptyDirectory();

        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LetterFiles.office(open))
                .withMessageContaining("may be written to by others");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LetterFiles.office(log))
                .withMessageContaining("is no directory");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LetterFiles.office(directory.resolve("no/such/place")))
                .withMessageContaining("cannot be made");
    }

    @Test
    void aLetterThatCannotBeWrittenIsDoneWithoutAndLeavesNothing() throws IOException {
        Files.delete(letters);
        assertThat(office().keep(item(texts(0, "a"), 0))).isEmpty();
        assertThat(letters).doesNotExist();
    }

    /** The slot's variables are asked for by the user's code. */
    @Test
    void aFunctionOfTheUsersThatThrowsCostsTheLetterAlone() {
        LaunchSpec launch = LaunchSpec.defaults().withSlotEnv(slot -> {
            throw new IllegalStateException("no device " + slot);
        });
        assertThat(office(launch).keep(item(texts(0, "a"), 0))).isEmpty();
        assertThat(letters).isEmptyDirectory();
    }

    @Test
    void whatWasNotFinishedOrIsNotOursIsRefusedByName() throws IOException {
        Path kept = office().keep(item(texts(0, "a"), 0)).orElseThrow();
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwxrwx---"));
        assertThatThrownBy(() -> LetterFiles.read(kept))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("may be written to by others");
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwx------"));

        Files.writeString(kept.resolve("letter.json"), "{\"format\": 99}");
        assertThatThrownBy(() -> LetterFiles.read(kept)).hasMessageContaining("its format is 99");
        Files.writeString(kept.resolve("letter.json"), "[");
        assertThatThrownBy(() -> LetterFiles.read(kept)).hasMessageContaining("cannot be read");
        Files.delete(kept.resolve("letter.json"));
        assertThatThrownBy(() -> LetterFiles.read(kept)).hasMessageContaining("was not finished");
        assertThatThrownBy(() -> LetterFiles.read(log)).hasMessageContaining("is no directory");
    }
}
