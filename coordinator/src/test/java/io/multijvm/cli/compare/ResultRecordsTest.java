// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.multijvm.cli.compare.ResultRecords.Entry;
import io.multijvm.cli.compare.ResultRecords.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultRecordsTest {
    @TempDir
    Path directory;

    private String written(String name, String... values) throws IOException {
        try (ResultRecords records = ResultRecords.create(directory.resolve(name), false)) {
            for (String value : values) {
                records.add(Kind.VALUE, value);
            }
            return records.sha256OfAll();
        }
    }

    @Test
    void theDigestIsOfAllValuesInTheirOrder() throws IOException {
        String digest = written("a", "1", "2");
        assertThat(written("b", "1", "2")).isEqualTo(digest);
        assertThat(written("c", "2", "1")).isNotEqualTo(digest);
        assertThat(written("d", "1", "2", "3")).isNotEqualTo(digest);
    }

    @Test
    void longValuesThatDifferOnlyAtTheirEndsDiffer() throws IOException {
        String begin = "x".repeat(500);
        written("a", begin + "1");
        written("b", begin + "2");
        try (ResultRecords.Reader a = new ResultRecords.Reader(directory.resolve("a"));
                ResultRecords.Reader b = new ResultRecords.Reader(directory.resolve("b"))) {
            Entry first = a.next();
            assertThat(first.contradicts(b.next())).isTrue();
            assertThat(first.inWords()).matches("x+\\.\\.\\.");
        }
    }

    @Test
    void nothingIsSaidOfItemsThatWereLost() throws IOException {
        try (ResultRecords records = ResultRecords.create(directory.resolve("a"), false)) {
            records.add(Kind.LOST, "CRASH");
            records.add(Kind.THREW, "TASK");
            records.add(Kind.VALUE, "7");
        }
        try (ResultRecords.Reader reader = new ResultRecords.Reader(directory.resolve("a"))) {
            Entry lost = reader.next();
            Entry threw = reader.next();
            Entry value = reader.next();
            assertThat(lost.contradicts(value)).isFalse();
            assertThat(value.contradicts(lost)).isFalse();
            assertThat(value.contradicts(threw)).isTrue();
            assertThat(reader.hasNext()).isFalse();
            assertThat(value.index()).isEqualTo(2);
        }
    }

    @Test
    void whereATrialIsMeantToDieEachRecordIsInTheFileBeforeTheNext() throws IOException {
        Path file = directory.resolve("a");
        try (ResultRecords records = ResultRecords.create(file, true)) {
            for (int i = 1; i <= 3; i++) {
                records.add(Kind.VALUE, "v");
                assertThat(ResultRecords.count(file)).isEqualTo(i);
            }
        }
        assertThat(ResultRecords.count(directory.resolve("none"))).isZero();
    }

    @Test
    void aFileThatIsThereIsNotTouched() throws IOException {
        written("a", "1");
        Assertions.assertThatThrownBy(() -> written("a", "2")).isInstanceOf(FileAlreadyExistsException.class);
    }
}
