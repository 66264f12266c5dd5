// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.quarantine;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.multijvm.internal.dispatch.WorkerProcess;
import io.multijvm.internal.process.CrashReports;
import io.multijvm.internal.process.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A letter on the disk: one directory, 0700, of files, 0600, made anew and never over anything. The file with its words comes
 * last: without it the letter is one that was not finished.
 *
 * <pre>
 * letter.json   what ran where, and how it died    task, item, init   the encoded bytes
 * reports.txt, reports.json   all deaths           hs_err-N.log       the JVM's own log of attempt N, if it left one
 * </pre>
 */
public final class LetterFiles {
    private static final String WORDS = "letter.json";
    private static final String TASK = "task";
    private static final String ITEM = "item";
    private static final String INIT = "init";

    /** So many directories of one item are tried for a name that is free. */
    private static final int MOST_NAMES = 1000;

    private static final long MOST_LOG_BYTES = 1 << 20;

    /** Lines of a fatal-error log that hold values of properties and variables. */
    private static final List<String> PRIVATE_LINES = List.of(
            "Command Line:", "jvm_args:", "java_command:", "JAVA_TOOL_OPTIONS=", "JDK_JAVA_OPTIONS=", "_JAVA_OPTIONS=");

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private LetterFiles() {}

    /**
     * A place for letters: made if it is not there.
     *
     * @throws IllegalArgumentException if it cannot be one, with why and what to do
     */
    public static Path office(Path directory) {
        Path place = directory.toAbsolutePath().normalize();
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                throw new IllegalArgumentException("deadLetters " + place + " is "
                        + (Files.isSymbolicLink(place) ? "a symbolic link" : "no directory")
                        + "; name a directory, or one that is to be made");
            }
            String flaw = flaw(place);
            if (!flaw.isEmpty() || !Files.isWritable(place)) {
                throw new IllegalArgumentException("deadLetters " + place
                        + (flaw.isEmpty() ? " cannot be written to" : flaw) + "; name a directory of your own");
            }
            return place;
        }
        try {
            PrivateFiles.createDirectory(place);
            return place;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "deadLetters " + place + " cannot be made (" + e.getClass().getSimpleName()
                            + "); name a directory where you may write, whose parent exists",
                    e);
        }
    }

    /** What is wrong with the rights on it: who may write there has a say in what is run. */
    private static String flaw(Path directory) {
        try {
            Set<PosixFilePermission> rights = Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
            return rights.contains(PosixFilePermission.GROUP_WRITE) || rights.contains(PosixFilePermission.OTHERS_WRITE)
                    ? " may be written to by others (" + PosixFilePermissions.toString(rights) + ")"
                    : "";
        } catch (IOException | UnsupportedOperationException e) {
            return ""; // a file system without such rights
        }
    }

    /**
     * Writes a letter.
     *
     * @param office where letters lie
     * @param deaths the item's, first to last
     * @return its directory
     * @throws IOException if it could not be written; nothing of it is left then
     */
    public static Path write(Path office, Letter letter, List<WorkerProcess.Death> deaths) throws IOException {
        Path directory = newDirectory(office, "item-" + letter.index());
        try {
            PrivateFiles.write(directory.resolve(TASK), ByteBuffer.wrap(letter.task()));
            PrivateFiles.write(directory.resolve(ITEM), ByteBuffer.wrap(letter.item()));
            byte[] init = letter.pool().init();
            if (init != null) {
                PrivateFiles.write(directory.resolve(INIT), ByteBuffer.wrap(init));
            }
            text(directory.resolve("reports.json"), GSON.toJson(LetterJson.of(deaths)));
            text(
                    directory.resolve("reports.txt"),
                    deaths.stream().map(death -> death.report().summary()).collect(Collectors.joining("\n\n")));
            for (WorkerProcess.Death death : deaths) {
                copyLogs(death, directory);
            }
            text(directory.resolve(WORDS), GSON.toJson(LetterJson.of(letter)));
            return directory;
        } catch (IOException | RuntimeException e) {
            PrivateFiles.deleteRecursively(directory);
            throw e;
        }
    }

    /** What is there already, a planted link as well, is left alone. */
    private static Path newDirectory(Path office, String name) throws IOException {
        for (int i = 1; i <= MOST_NAMES; i++) {
            Path directory = office.resolve(i == 1 ? name : name + "-" + i);
            try {
                PrivateFiles.createDirectory(directory);
                return directory;
            } catch (FileAlreadyExistsException e) {
                // another run's letter, or something that is none: the next name may be free
            }
        }
        throw new IOException("there are " + MOST_NAMES + " letters " + name + " in " + office + " already");
    }

    private static void text(Path file, String text) throws IOException {
        PrivateFiles.write(file, StandardCharsets.UTF_8.encode(text + "\n"));
    }

    /** The log goes with its pool; without the lines that may hold secrets. */
    private static void copyLogs(WorkerProcess.Death death, Path directory) throws IOException {
        for (Path log : death.report().files()) {
            Path copy = directory.resolve("hs_err-" + death.report().attempt() + ".log");
            if (!CrashReports.isHeapDump(log)
                    && Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(log) <= MOST_LOG_BYTES
                    && !Files.exists(copy)) {
                String kept = Files.readString(log, StandardCharsets.ISO_8859_1)
                        .lines()
                        .filter(line -> PRIVATE_LINES.stream().noneMatch(line::startsWith))
                        .collect(Collectors.joining("\n"));
                PrivateFiles.write(copy, StandardCharsets.ISO_8859_1.encode(kept + "\n"));
            }
        }
    }

    /**
     * Reads a letter.
     *
     * @throws IOException if there is none, or it is not whole, or others may have written it; the message says which
     */
    public static Letter read(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException(directory + " is no directory; name one that a run has put into its dead letters");
        }
        String flaw = flaw(directory);
        if (!flaw.isEmpty()) {
            throw new IOException(directory + flaw
                    + ", and what it names would be run: look at it, then take that right away (chmod go-w)");
        }
        Path words = directory.resolve(WORDS);
        if (!Files.isRegularFile(words)) {
            throw new IOException(directory + " has no " + WORDS
                    + ": it is no dead letter, or one that was not finished, for the run ended or its disk was full");
        }
        try {
            JsonObject json = JsonParser.parseString(Files.readString(words)).getAsJsonObject();
            Path init = directory.resolve(INIT);
            return LetterJson.read(
                    json,
                    Files.readAllBytes(directory.resolve(TASK)),
                    Files.readAllBytes(directory.resolve(ITEM)),
                    Files.exists(init) ? Files.readAllBytes(init) : null);
        } catch (RuntimeException e) { // whatever somebody has made of the JSON
            throw new IOException(words + " cannot be read: " + e.getMessage(), e);
        }
    }
}
