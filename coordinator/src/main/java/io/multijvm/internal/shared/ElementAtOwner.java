// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.wire.mapped.ElementType;
import io.multijvm.wire.objects.ElementSaid;
import io.multijvm.wire.objects.Heard;
import java.nio.ByteBuffer;

/** What the owner does to a value, or to an element of an array, for those who share no memory with it. */
final class ElementAtOwner {
    private ElementAtOwner() {}

    /**
     * Does it.
     *
     * @param at of the element, in that memory
     */
    static Heard done(ElementSaid said, ElementType type, ByteBuffer memory, int at) {
        if (said instanceof ElementSaid.Get) {
            return new Heard.Bits(type.get(memory, at));
        } else if (said instanceof ElementSaid.Set set) {
            type.set(memory, at, set.bits());
            return new Heard.Done();
        } else if (said instanceof ElementSaid.GetAndSet set) {
            return new Heard.Bits(type.getAndSet(memory, at, set.bits()));
        } else if (said instanceof ElementSaid.CompareAndSet compare) {
            return new Heard.IsSo(type.compareAndSet(memory, at, compare.expected(), compare.bits()));
        } else if (said instanceof ElementSaid.GetAndAdd add) {
            return new Heard.Bits(type.getAndAdd(memory, at, add.bits()));
        }
        throw new IllegalArgumentException("not an operation on an element: " + said);
    }
}
