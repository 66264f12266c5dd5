// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the handles of a manager's objects carry, and what whoever uses them must know. It is never shown: each side signs
 * what the other has chosen. Worth nothing once its manager is closed.
 *
 * @param secret 256 random bits, in hexadecimal digits
 */
public record ManagerKey(String secret) {
    /** Of what one side chooses for the other to sign. */
    public static final int CHALLENGE_BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ALGORITHM = "HmacSHA256";

    /** Who signs: so that what one side signed is no use to the other. */
    public enum Side {
        CLIENT,
        OWNER,
        /** Who rings the bell of another process. */
        RINGER
    }

    public ManagerKey {
        if (secret.length() != 2 * CHALLENGE_BYTES) {
            throw new IllegalArgumentException("a key has " + 2 * CHALLENGE_BYTES + " hexadecimal digits");
        }
    }

    public static ManagerKey random() {
        return new ManagerKey(HexFormat.of().formatHex(challenge()));
    }

    /**
     * What is signed with where users give the key, of whatever length that is.
     *
     * @param users what both sides know
     * @param purpose so that what one kind of connection shows is no use to another
     * @throws IllegalArgumentException if that is empty
     */
    public static ManagerKey of(byte[] users, String purpose) {
        if (users.length == 0) {
            throw new IllegalArgumentException("key is empty, so anybody would know it; take 32 random bytes");
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(users, ALGORITHM));
            return new ManagerKey(HexFormat.of().formatHex(mac.doFinal(purpose.getBytes(StandardCharsets.US_ASCII))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** Something for the other side to sign. */
    public static byte[] challenge() {
        byte[] bytes = new byte[CHALLENGE_BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** What {@code side} answers when the other has chosen {@code theirs}, and it {@code ours}. */
    public byte[] sign(Side side, long manager, byte[] theirs, byte[] ours) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), ALGORITHM));
            mac.update((side + " " + manager + " ").getBytes(StandardCharsets.US_ASCII));
            mac.update(theirs);
            return mac.doFinal(ours);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** In time that does not depend on where they differ. */
    public boolean isSignedBy(Side side, byte[] proof, long manager, byte[] theirs, byte[] ours) {
        return MessageDigest.isEqual(proof, sign(side, manager, theirs, ours));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ManagerKey";
    }
}
