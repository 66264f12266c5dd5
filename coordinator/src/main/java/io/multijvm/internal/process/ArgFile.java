// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;

/**
 * Arguments of a {@code java} program in a file, one a line: no class path is too long for it, and what it holds shows up
 * neither in a process list nor in another user's view of one.
 */
final class ArgFile {
    private ArgFile() {}

    /** Writes a file that only this user can read; there must be none of that name. */
    static void write(Path file, List<String> arguments) throws IOException {
        StringBuilder text = new StringBuilder();
        arguments.forEach(argument -> text.append(quoted(argument)).append('\n'));
        ByteBuffer bytes = encoded(text, file);
        PrivateFiles.write(file, bytes);
    }

    /**
     * One argument as the launcher reads it back. Always in quotes: a bare {@code #} would begin a comment and a blank
     * would end the argument; in quotes a backslash escapes, and a real line end would close them.
     */
    static String quoted(String argument) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\f' -> text.append("\\f");
                default -> text.append(c);
            }
        }
        return text.append('"').toString();
    }

    /** The launcher takes the bytes as they are, so they are those of the platform's file names. */
    private static ByteBuffer encoded(CharSequence text, Path file) throws IOException {
        String name =
                System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name());
        try {
            return Charset.forName(name).newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new IOException(
                    "a path or a JVM flag for a worker cannot be written in this platform's encoding, " + name
                            + ": set a UTF-8 locale (" + file + ")",
                    e);
        }
    }
}
