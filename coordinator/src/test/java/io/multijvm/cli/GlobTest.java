// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class GlobTest {
    @TempDir
    Path directory;

    @BeforeEach
    void makeFiles() throws IOException {
        for (String file : List.of("b.pdf", "a.pdf", "a.txt", ".hidden.pdf", "x/c.pdf", "x/y/d.pdf", ".git/e.pdf")) {
            Path path = directory.resolve(file);
            Files.createDirectories(path.getParent());
            Files.createFile(path);
        }
        Files.createDirectory(directory.resolve("dir.pdf"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *.pdf            | a.pdf b.pdf
            **/*.pdf         | a.pdf b.pdf x/c.pdf x/y/d.pdf
            x/**             | x/c.pdf x/y/d.pdf
            x/**/d.pdf       | x/y/d.pdf
            **/y/**/*.pdf    | x/y/d.pdf
            **/**/d.pdf      | x/y/d.pdf
            ?.{pdf,txt}      | a.pdf a.txt b.pdf
            [b-z].pdf        | b.pdf
            .*.pdf           | .hidden.pdf
            .git/*.pdf       | .git/e.pdf
            a.pdf            | a.pdf
            x/../a.pdf       | x/../a.pdf
            none/*.pdf       | ''
            a.pdf/*          | ''
            """)
    void filesAreFoundOnceAndSortedAsThePatternHasThem(String pattern, String expected) throws IOException {
        assertThat(Glob.parse(pattern).files(directory).stream().map(Path::toString))
                .containsExactlyElementsOf(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
    }

    @Test
    void anAbsolutePatternGivesAbsolutePaths() throws IOException {
        assertThat(Glob.parse(directory + "/x/*.pdf").files(Path.of(""))).containsExactly(directory.resolve("x/c.pdf"));
    }

    @Test
    void aLinkThatLeadsBackDoesNotCatchTheSearchAndALinkedFileIsOne() throws IOException {
        Files.createSymbolicLink(directory.resolve("x/back"), directory);
        Files.createSymbolicLink(directory.resolve("x/linked.pdf"), directory.resolve("a.pdf"));
        assertThat(Glob.parse("**/*.pdf").files(directory)).hasSize(5).contains(Path.of("x/linked.pdf"));
        assertThat(Glob.parse("x/*/a.pdf").files(directory)).containsExactly(Path.of("x/back/a.pdf"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "[a", "{a,b"})
    void whatIsNoPatternIsRefused(String pattern) {
        assertThatThrownBy(() -> Glob.parse(pattern)).isInstanceOf(PatternSyntaxException.class);
    }
}
