// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import io.multijvm.internal.shared.CellStore.Cell;
import io.multijvm.wire.mapped.ElementType;
import io.multijvm.wire.objects.ElementSaid;
import io.multijvm.wire.objects.Heard;
import io.multijvm.wire.objects.Said;

/** A value: the first word of its cell, which all who share memory change by themselves. */
final class ValueAtOwner implements OwnedObject {
    private final long id;
    private final Cell cell;
    private final ElementType type;

    /** @param bits that it begins with */
    ValueAtOwner(long id, Cell cell, ElementType type, long bits) {
        this.id = id;
        this.cell = cell;
        this.type = type;
        type.set(cell.memory(), cell.offset(), bits);
    }

    @Override
    public void said(Client from, long ticket, Said said) {
        Heard answer = said instanceof ElementSaid element && element.index() == 0
                ? ElementAtOwner.done(element, type, cell.memory(), cell.offset())
                : new Heard.Refused("a value is not asked for " + said);
        from.tell(id, ticket, answer);
    }

    @Override
    public String what() {
        return "value";
    }

    @Override
    public void gone(Client client) {
        // what it has done stays done
    }
}
