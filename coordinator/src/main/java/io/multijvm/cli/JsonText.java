// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a text is JSON, by the strict rules of RFC 8259. */
final class JsonText {
    /** How Gson says where it stopped; the rest of its message advises to be lenient. */
    private static final Pattern MESSAGE = Pattern.compile("(.*) at line \\d+ column (\\d+) path .*", Pattern.DOTALL);

    private static final String LENIENT_ADVICE = "Use JsonReader";

    private JsonText() {}

    /** What keeps the text from being exactly one JSON value; empty if it is one. */
    static Optional<String> flaw(String text) {
        if (text.isBlank()) {
            return Optional.of("it is empty");
        }
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        try {
            do {
                step(reader);
            } while (reader.peek() != JsonToken.END_DOCUMENT);
            return Optional.empty();
        } catch (EOFException e) {
            return Optional.of("it ends too early, behind column " + text.length());
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            return Optional.of(explained(OneLine.messageOf(e)));
        }
    }

    /** Takes one token; skipping a whole value would pass over what is wrong in its strings. */
    private static void step(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case BEGIN_ARRAY -> reader.beginArray();
            case END_ARRAY -> reader.endArray();
            case BEGIN_OBJECT -> reader.beginObject();
            case END_OBJECT -> reader.endObject();
            case NULL -> reader.nextNull();
            case NAME -> {
                var unused = reader.nextName();
            }
            case STRING, NUMBER -> {
                var unused = reader.nextString();
            }
            case BOOLEAN -> {
                var unused = reader.nextBoolean();
            }
            case END_DOCUMENT -> throw new EOFException();
        }
    }

    private static String explained(String message) {
        Matcher matcher = MESSAGE.matcher(message);
        if (!matcher.matches()) {
            return message;
        }
        String what = matcher.group(1).startsWith(LENIENT_ADVICE) ? "malformed" : matcher.group(1);
        return what + " near column " + matcher.group(2);
    }
}
