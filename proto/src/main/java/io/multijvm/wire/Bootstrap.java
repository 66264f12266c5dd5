// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a worker is told before it connects, as the first lines on its stdin. The stream then stays open: its end
 * means that the coordinator is gone.
 *
 * @param ticket lets this process in
 * @param address {@code unix:PATH} or {@code tcp:PORT} (on 127.0.0.1)
 * @param slot the worker's place in its pool; -1 for a standby, which is told its place later
 * @param incarnation how many processes the slot has had, this one included; of a standby, how many there have been
 * @param recorder the mapped file of this incarnation
 * @param output the files that take its stdout and stderr; null where those go elsewhere
 */
public record Bootstrap(
        Ticket ticket,
        String address,
        int slot,
        int incarnation,
        Path recorder,
        @Nullable Output output) {
    private static final int MAX_LINE = 4096;

    /** Files that this process appends to. */
    public record Output(Path stdout, Path stderr) {}

    public Bootstrap {
        if (slot < -1 || incarnation < 1) {
            throw new IllegalArgumentException("slot " + slot + ", incarnation " + incarnation);
        }
    }

    /** Of a process whose stdout and stderr go elsewhere than to files of its own. */
    public Bootstrap(Ticket ticket, String address, int slot, int incarnation, Path recorder) {
        this(ticket, address, slot, incarnation, recorder, null);
    }

    /** The same, for a process whose stdout and stderr go to these files. */
    public Bootstrap capturedIn(Path stdout, Path stderr) {
        return new Bootstrap(ticket, address, slot, incarnation, recorder, new Output(stdout, stderr));
    }

    /** Writes the lines and flushes; leaves {@code out} open. */
    public void write(OutputStream out) throws IOException {
        String lines = "client=" + ticket.client() + "\nsecret=" + ticket.secret() + "\nproof=" + ticket.proof()
                + "\naddress=" + address + "\nslot=" + slot + "\nincarnation=" + incarnation + "\nrecorder=" + recorder
                + (output == null ? "" : "\nstdout=" + output.stdout + "\nstderr=" + output.stderr)
                + "\n\n";
        out.write(lines.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Reads what {@link #write} wrote, and not a byte more. */
    public static Bootstrap read(InputStream in) throws IOException {
        Map<String, String> values = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int equals = line.indexOf('=');
            if (equals < 0) {
                throw new IOException("not started by a Multijvm coordinator: stdin has a line without '='");
            }
            values.put(line.substring(0, equals), line.substring(equals + 1));
        }
        Ticket ticket = new Ticket(
                Long.parseLong(required(values, "client")), required(values, "secret"), required(values, "proof"));
        return new Bootstrap(
                ticket,
                required(values, "address"),
                Integer.parseInt(required(values, "slot")),
                Integer.parseInt(required(values, "incarnation")),
                Path.of(required(values, "recorder")),
                values.containsKey("stdout")
                        ? new Output(Path.of(required(values, "stdout")), Path.of(required(values, "stderr")))
                        : null);
    }

    private static String required(Map<String, String> values, String key) throws IOException {
        String value = values.get(key);
        if (value == null) {
            throw new IOException("not started by a Multijvm coordinator: stdin does not name " + key);
        }
        return value;
    }

    private static String line(InputStream in) throws IOException {
        byte[] bytes = new byte[MAX_LINE];
        for (int length = 0; length < MAX_LINE; length++) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("not started by a Multijvm coordinator: stdin ended early");
            }
            if (b == '\n') {
                return new String(bytes, 0, length, StandardCharsets.UTF_8);
            }
            bytes[length] = (byte) b;
        }
        throw new IOException("not started by a Multijvm coordinator: stdin has an endless line");
    }
}
