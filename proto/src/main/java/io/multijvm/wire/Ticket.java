// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What a client must show to be let in, and what the coordinator must show to be believed. Made for one process, handed
 * to it over its stdin, worthless when that process is gone; never in a command line, an environment or a log.
 *
 * @param client a number that is no secret
 * @param secret 256 random bits that the client shows
 * @param proof 256 other random bits that the coordinator shows in its answer
 */
public record Ticket(long client, String secret, String proof) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    public Ticket {
        if (secret.length() != 2 * BYTES || proof.length() != 2 * BYTES) {
            throw new IllegalArgumentException("a secret has " + 2 * BYTES + " hexadecimal digits");
        }
    }

    /** A new ticket for {@code client}. */
    public static Ticket issue(long client) {
        return new Ticket(client, random(), random());
    }

    /** What goes into the call's metadata. */
    public String shown() {
        return client + ":" + secret;
    }

    /** Whether {@code text} is {@link #shown()}, in time that does not depend on where they differ. */
    public boolean admits(String text) {
        return same(shown(), text);
    }

    /** Whether {@code text} is the proof that the coordinator owes. */
    public boolean provenBy(String text) {
        return same(proof, text);
    }

    /** The client that a shown ticket names, or -1 where it names none. */
    public static long clientOf(String shown) {
        int colon = shown.indexOf(':');
        try {
            return colon < 1 || colon > 19 ? -1 : Long.parseLong(shown, 0, colon, 10);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "Ticket[client=" + client + "]";
    }

    private static boolean same(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    private static String random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
