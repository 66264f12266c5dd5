// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Arrays;

/** Whoever speaks HTTP/2 by hand, and says what no library would let it say. */
public final class RawHttp2 implements AutoCloseable {
    /** The kinds of frames. */
    public static final int DATA = 0;

    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;
    public static final int PADDED = 8;

    private static final int ACK = 1;
    private static final int TOKEN_BYTES = 8;
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();

    public RawHttp2(SocketAddress server) throws IOException {
        socket.connect(server);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /** What every client says first. */
    public static byte[] preface() {
        return join("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII), frame(SETTINGS, 0, 0));
    }

    public static byte[] frame(int kind, int flags, int stream, byte... payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int shift = 16; shift >= 0; shift -= 8) {
            out.write(payload.length >>> shift);
        }
        out.write(kind);
        out.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(stream >>> shift);
        }
        out.writeBytes(payload);
        return out.toByteArray();
    }

    /** As HPACK has them, one literal after the other. */
    public static byte[] headers(String... namesAndValues) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i++) {
            if (i % 2 == 0) {
                out.write(0);
            }
            out.write(namesAndValues[i].length());
            out.writeBytes(namesAndValues[i].getBytes(US_ASCII));
        }
        return out.toByteArray();
    }

    /** A message of gRPC. */
    public static byte[] message(int flags, int length, byte... part) {
        byte[] head = {
            (byte) flags, (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length
        };
        return join(head, part);
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    public void say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /**
     * Waits until all that was said has been taken in.
     *
     * @return false if the other side has ended it instead
     */
    public boolean isHeard() throws IOException {
        byte[] token = new byte[TOKEN_BYTES];
        Arrays.fill(token, (byte) 7);
        try {
            say(frame(PING, 0, 0, token));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
                int kind = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                in.readInt();
                byte[] payload = new byte[length];
                in.readFully(payload);
                if (kind == PING && flags == ACK && Arrays.equals(payload, token)) {
                    return true;
                }
            }
        } catch (EOFException | java.net.SocketException e) {
            return false; // ended, or reset
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
