// SPDX-License-Identifier: Apache-2.0
package io.multijvm.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** README.md as the tests read it: its fenced blocks, in order. */
record Readme(List<String> lines, List<Block> blocks) {

    /**
     * A fenced block.
     *
     * @param language the word behind the fence
     * @param line where its first line is, from 1
     */
    record Block(String language, int line, List<String> lines) {
        String text() {
            return String.join("\n", lines);
        }
    }

    /** The one at the top of the source tree, which is the parent of the module that the tests run in. */
    static Readme ofThisTree() {
        return parse(read(home().resolve("README.md")));
    }

    static Path home() {
        return Stream.of(Path.of(""), Path.of(".."))
                .map(each -> each.toAbsolutePath().normalize())
                .filter(each ->
                        Files.isRegularFile(each.resolve("README.md")) && Files.isDirectory(each.resolve("bin")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no README.md in " + Path.of("").toAbsolutePath() + " or above it"));
    }

    static Readme parse(List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("```")) {
                int end = i + 1;
                while (!lines.get(end).equals("```")) {
                    end++;
                }
                blocks.add(new Block(lines.get(i).substring(3), i + 2, List.copyOf(lines.subList(i + 1, end))));
                i = end;
            }
        }
        return new Readme(lines, blocks);
    }

    List<Block> blocksIn(String language) {
        return blocks.stream().filter(each -> each.language().equals(language)).toList();
    }

    /** The block behind {@code block}. */
    Block after(Block block) {
        return blocks.get(blocks.indexOf(block) + 1);
    }

    /** The one line of the one block between two lines that are the comment {@code name}. */
    String command(String name) {
        String marker = "<!-- " + name + " -->";
        int from = lines.indexOf(marker);
        int to = lines.lastIndexOf(marker);
        List<Block> inside = blocks.stream()
                .filter(each -> each.line() > from && each.line() <= to)
                .toList();
        if (inside.size() != 1 || inside.get(0).lines().size() != 1) {
            throw new AssertionError("not one block of one line between the comments " + marker + ": " + inside);
        }
        return inside.get(0).text();
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
