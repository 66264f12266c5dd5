// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is written into the file of arguments, a real java reads back unchanged. */
@Timeout(60)
class ArgFileTest {
    @TempDir
    Path directory;

    /** Prints the properties odd.0, odd.1 ... in hexadecimal. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] args) {
            for (int i = 0; System.getProperty("odd." + i) != null; i++) {
                System.out.println(hex(System.getProperty("odd." + i)));
            }
        }
    }

    @Test
    void oddArgumentsComeBackAsTheyWere() throws Exception {
        List<String> odd = List.of(
                "plain",
                "two words",
                "  blanks around  ",
                "C:\\dir\\new\\",
                "# not a comment",
                "a#b",
                "say \"hello\"",
                "it's",
                "line\nbreak\r\nand\ttab\f",
                "@file",
                "$HOME `id` $(id) ; & | * ?",
                "",
                "grüße");
        Path place = Files.createDirectory(directory.resolve("a b # c\\d 'e' \"f\""));
        Path file = place.resolve("java args");
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < odd.size(); i++) {
            arguments.add("-Dodd." + i + "=" + odd.get(i));
        }
        arguments.addAll(List.of("-cp", String.join(File.pathSeparator, WorkerClassPath.of(List.of()))));
        ArgFile.write(file, arguments);

        Process process = new ProcessBuilder(JavaVersion.program(null).toString(), "@" + file, Echo.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(printed.lines())
                .containsExactlyElementsOf(odd.stream().map(ArgFileTest::hex).toList());
    }

    @Test
    void theFileIsForThisUserOnlyAndReplacesNothing() throws Exception {
        Path file = directory.resolve("args");
        ArgFile.write(file, List.of("-Dpassword=secret"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        Path victim = Files.writeString(directory.resolve("victim"), "precious");
        Path planted = Files.createSymbolicLink(directory.resolve("planted"), victim);
        assertThatThrownBy(() -> ArgFile.write(planted, List.of("x"))).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(victim).hasContent("precious");
    }

    private static String hex(String text) {
        return "<" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)) + ">";
    }
}
