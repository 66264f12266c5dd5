// SPDX-License-Identifier: Apache-2.0
package io.multijvm.wire.objects;

/**
 * Where an object lies in memory that both sides map.
 *
 * @param segment number of the segment at its manager; a client maps each once
 * @param address where the segment can be opened while the manager lives
 * @param segmentBytes its length
 * @param offset of the object in it
 */
public record CellPlace(int segment, String address, long segmentBytes, long offset) {
    public CellPlace {
        if (offset < 0 || offset >= segmentBytes) {
            throw new IllegalArgumentException("offset " + offset + " in a segment of " + segmentBytes + " bytes");
        }
    }
}
