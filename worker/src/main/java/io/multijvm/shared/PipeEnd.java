// SPDX-License-Identifier: Apache-2.0
package io.multijvm.shared;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One end of a pipe: what is sent here is received at the other end, in that order, each message as the whole that it was
 * sent as; an empty one too. Made by {@code Manager.pipe}, or, between programs that have no manager in common, by
 * {@link #listen} and {@link #connect}. See Python's {@code Connection}.
 *
 * <pre>{@code
 * SharedPipe<String> pipe = manager.pipe();
 * PipeEnd<String> theirs = pipe.right();
 * TaskFuture<Integer> answered = pool.submit(() -> answer(theirs));
 * pipe.left().send("question");
 * String answer = pipe.left().receive();
 * }</pre>
 *
 * <p>A message is a value, which is copied as a task's arguments are, or bytes; it is received as what it was sent as. It may
 * have any length. Some hundred KiB are under way at a time: who sends more than that waits until the other side receives, so
 * two that send each other long messages and receive nothing wait for ever, as with any pipe.
 *
 * <p>An end belongs to one process at a time. It can be captured by a task or sent through another shared object; where it
 * arrives and is used, it belongs from then on, and the process that had it before gets an {@code IllegalStateException} that
 * says who has it. Nothing is lost by that; a message whose sending was not finished is not sent. To have it back, have it
 * sent back. The first use asks the pipe's owner, and waits for the process that had it, within the time limit of what is called; all later
 * ones do not.
 * A worker lives on after a task, and with it what the task has used: close the end there. An end of a connection cannot be
 * sent to another process.
 *
 * <p>When the process ends that has an end, however, or that has begun to use it last, the end is closed. What it has sent as a
 * whole is received nevertheless; a half message is not. After that, {@code receive} throws a {@link PipeClosedException};
 * {@code send} throws it at once.
 * After {@link #close}, or when its manager was closed or has died, all methods but {@code close} and {@code toString} throw an
 * {@code IllegalStateException}, and so do those that wait.
 *
 * <p>Thread-safe: threads of its process may send and receive together; each message goes to one of them. Ready as a
 * {@link Waitable} while a receive would not wait, be it that it would throw.
 *
 * @param <T> what is sent and received
 */
public interface PipeEnd<T extends @Nullable Object> extends Waitable, AutoCloseable {
    /**
     * Sends a value. Returns when it is on its way as a whole: then it arrives though this process dies, unless the receiver's
     * does. Waits, without limit, while there is no room.
     *
     * @throws InterruptedException if the thread is interrupted before or meanwhile; the value is not sent
     * @throws PipeClosedException if the other end is closed
     * @throws io.multijvm.failure.PayloadException if the value cannot cross; nothing was sent
     * @throws UnsupportedOperationException if this is the receiving end of a pipe of one way
     */
    void send(T value) throws InterruptedException;

    /** As {@link #sendBytes(byte[], int, int)}, all of them. */
    default void sendBytes(byte[] bytes) throws InterruptedException {
        sendBytes(bytes, 0, bytes.length);
    }

    /**
     * Sends bytes as one message, as {@link #send} does; they must not change until it returns.
     *
     * @param offset of the first
     * @param length how many; 0 sends an empty message
     * @throws IndexOutOfBoundsException if the array has no such part
     */
    void sendBytes(byte[] bytes, int offset, int length) throws InterruptedException;

    /**
     * The next message, which is a value: a copy of what was sent. Waits for it without limit.
     *
     * @throws InterruptedException if the thread is interrupted before or meanwhile; no message is lost
     * @throws PipeClosedException if the other end is closed and everything was received
     * @throws IllegalStateException if the next message is bytes; it stays
     * @throws io.multijvm.failure.PayloadException if it cannot be decoded here: a class is missing, or not allowed
     * @throws UnsupportedOperationException if this is the sending end of a pipe of one way
     */
    T receive() throws InterruptedException;

    /**
     * As {@link #receive()}, within a time.
     *
     * @param limit nothing or less does not wait
     * @throws TimeoutException if no message had come as a whole by then
     */
    T receive(Duration limit) throws InterruptedException, TimeoutException;

    /**
     * The next message, which is bytes. Waits for it without limit; see {@link #receive()}.
     *
     * @throws IllegalStateException if the next message is a value; it stays
     */
    byte[] receiveBytes() throws InterruptedException;

    /**
     * The next message, which is bytes, into an array from its begin. Waits for it without limit; see {@link #receive()}.
     *
     * @return how many they were
     * @throws IllegalArgumentException if the array is too short; the message stays
     */
    int receiveBytes(byte[] into) throws InterruptedException;

    /**
     * Whether a receive would not wait: a message is here as a whole, or the other end is closed. Does not wait but for a moment
     * in which the pipe's owner answers; false too while another process has not given up this end yet.
     */
    boolean poll();

    /**
     * Waits until {@link #poll()} is so, or the time is over.
     *
     * @param limit nothing or less does not wait
     * @throws InterruptedException if the thread is interrupted before or meanwhile
     */
    boolean poll(Duration limit) throws InterruptedException;

    /** As {@link #poll()}. */
    @Override
    default boolean isReady() {
        return poll();
    }

    /**
     * This process has no more use for the end. If the end is this process's, or nobody's and was not sent to another one from
     * here, it is closed, and the other end hears of that after everything that was sent; otherwise another process may have
     * it, and goes on. Who waits at the end here, or for it to come here, gets an
     * {@code IllegalStateException}. Twice is fine; does not wait.
     */
    @Override
    void close();
    /**
     * Waits for connections, each of which becomes an end of a pipe; for programs of which none has started the other.
     *
     * <p>Both sides must know the key, which is never sent: each proves by an HMAC over what the other has chosen that it does,
     * before anything else is read. Messages are not encrypted: connect over networks that you trust only. What arrives is
     * decoded under an allow list: values of the JDK, classes from the jar or directory that the caller's class came from, and
     * the packages that are named here.
     *
     * @param address a {@code UnixDomainSocketAddress} whose path is free, readable by this user only; or an
     *     {@code InetSocketAddress} of one interface, best the loopback one, port 0 for any that is free
     * @param key of any length but 0; best 32 random bytes
     * @param allow packages by their exact names, without those below them
     * @throws java.io.UncheckedIOException if it cannot listen there: say, somebody else does
     * @throws IllegalArgumentException if the key is empty, or the address is a wildcard, which every network could reach
     */
    static <T extends @Nullable Object> PipeListener<T> listen(SocketAddress address, byte[] key, String... allow) {
        Class<?> caller = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .getCallerClass();
        return SharedHandle.listen(address, key, caller, allow);
    }

    /**
     * Connects to a {@link #listen listener}, whose words hold here too. Waits until both sides have proved that they know the
     * key, 10 s at most; that the other side accepts the connection is not waited for.
     *
     * @throws java.io.UncheckedIOException if nobody listens there, or who does not know the key
     */
    static <T extends @Nullable Object> PipeEnd<T> connect(SocketAddress address, byte[] key, String... allow) {
        Class<?> caller = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .getCallerClass();
        return SharedHandle.connect(address, key, caller, allow);
    }
}
