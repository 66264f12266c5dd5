// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.pipe;

import io.multijvm.wire.objects.ManagerKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * How two sides of a connection prove to each other that they know a key:
 *
 * <pre>
 * who connects -> version, its challenge
 * who listens  -> proof of the listener's side, its challenge
 * who connects -> proof of the connecting side
 * </pre>
 *
 * <p>A proof is an HMAC over both challenges and the side. All have a fixed length, and nothing more is read before they are
 * there; who connects sees the listener's proof before it shows its own.
 */
final class Handshake {
    /** For all of it. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    static final int PROOF_BYTES = 32;

    private static final byte[] VERSION = "MJPIPE01".getBytes(StandardCharsets.US_ASCII);
    static final int HELLO_BYTES = VERSION.length + ManagerKey.CHALLENGE_BYTES;
    static final int ANSWER_BYTES = PROOF_BYTES + ManagerKey.CHALLENGE_BYTES;
    private static final long NO_MANAGER = 0;

    private final ManagerKey key;
    private final byte[] ours = ManagerKey.challenge();

    Handshake(ManagerKey key) {
        this.key = key;
    }

    /**
     * What is signed with, of whatever length the user's key is.
     *
     * @throws IllegalArgumentException if that is empty
     */
    static ManagerKey key(byte[] users) {
        return ManagerKey.of(users, "a pipe's connection");
    }

    /** The first word of who connects. */
    byte[] hello() {
        return joined(VERSION, ours);
    }

    /** Whether those are the first bytes of one who connects, and of our version. */
    static boolean isHello(byte[] hello) {
        return Arrays.equals(VERSION, 0, VERSION.length, hello, 0, VERSION.length);
    }

    /** The listener's. */
    byte[] answer(byte[] hello) {
        byte[] theirs = Arrays.copyOfRange(hello, VERSION.length, hello.length);
        return joined(key.sign(ManagerKey.Side.OWNER, NO_MANAGER, theirs, ours), ours);
    }

    /** Whether who listens knows the key. */
    boolean isGoodAnswer(byte[] answer) {
        return key.isSignedBy(
                ManagerKey.Side.OWNER,
                Arrays.copyOf(answer, PROOF_BYTES),
                NO_MANAGER,
                ours,
                Arrays.copyOfRange(answer, PROOF_BYTES, answer.length));
    }

    /** Of who connects. */
    byte[] proof(byte[] answer) {
        return key.sign(
                ManagerKey.Side.CLIENT, NO_MANAGER, Arrays.copyOfRange(answer, PROOF_BYTES, answer.length), ours);
    }

    /** Whether who connects knows the key. */
    boolean isGoodProof(byte[] hello, byte[] proof) {
        byte[] theirs = Arrays.copyOfRange(hello, VERSION.length, hello.length);
        return key.isSignedBy(
                ManagerKey.Side.CLIENT, proof, NO_MANAGER, /* theirs= */ ours, /* ours= */ theirs); // as it sees us
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
