// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.call;

/**
 * How one call treats its items.
 *
 * @param chunkSize items that cross together; 0 means adaptive
 * @param buffer items that a lazy stream reads ahead; 0 means adaptive
 * @param retries how often an item is begun again after its worker died
 */
public record CallSettings(int chunkSize, int buffer, int retries) {
    public static final CallSettings DEFAULTS = new CallSettings(0, 0, 0);

    public CallSettings {
        atLeast(0, chunkSize, "chunkSize");
        atLeast(0, buffer, "buffer");
        atLeast(0, retries, "retries");
    }

    public CallSettings withChunkSize(int items) {
        return new CallSettings(atLeast(1, items, "chunkSize"), buffer, retries);
    }

    public CallSettings withBuffer(int items) {
        return new CallSettings(chunkSize, atLeast(1, items, "buffer"), retries);
    }

    public CallSettings withRetries(int times) {
        return new CallSettings(chunkSize, buffer, times);
    }

    private static int atLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
        }
        return value;
    }
}
