// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a terminal shows of what it was sent, if it knows carriage returns, colours and "erase to the end of the line". */
public final class Screen {
    private static final Pattern FRAME = Pattern.compile("\r\u001B\\[K([^\r\n]+)\r(?!\n)");
    private static final Pattern COLOUR = Pattern.compile("\u001B\\[[0-9;]*m");

    private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
    private int column;

    private Screen() {}

    /** The lines at the end, however long, without empty ones at the bottom. */
    public static List<String> after(String sent) {
        Screen screen = new Screen();
        String text = COLOUR.matcher(sent).replaceAll("");
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\u001B[K", i)) {
                screen.last().setLength(Math.min(screen.column, screen.last().length()));
                i += 2;
            } else {
                screen.put(text.charAt(i));
            }
        }
        List<String> shown = new ArrayList<>(
                screen.lines.stream().map(StringBuilder::toString).toList());
        while (!shown.isEmpty() && shown.get(shown.size() - 1).isEmpty()) {
            shown.remove(shown.size() - 1);
        }
        return shown;
    }

    /** All texts that the line of the bar had, without colours. */
    public static List<String> frames(String sent) {
        List<String> frames = new ArrayList<>();
        Matcher matcher = FRAME.matcher(COLOUR.matcher(sent).replaceAll(""));
        while (matcher.find()) {
            frames.add(matcher.group(1));
        }
        return frames;
    }

    private StringBuilder last() {
        return lines.get(lines.size() - 1);
    }

    private void put(char letter) {
        if (letter == '\r') {
            column = 0;
        } else if (letter == '\n') {
            lines.add(new StringBuilder());
        } else {
            StringBuilder line = last();
            while (line.length() <= column) {
                line.append(' ');
            }
            line.setCharAt(column, letter);
            column++;
        }
    }
}
