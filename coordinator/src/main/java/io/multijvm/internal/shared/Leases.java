// SPDX-License-Identifier: Apache-2.0
package io.multijvm.internal.shared;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who has taken which elements of a queue and is not done with them. Owned by the event loop. */
final class Leases {
    private final Map<Long, Lease> byElement = new HashMap<>();

    private record Lease(Client taker, ReadyElements.Stored element) {}

    boolean areNone() {
        return byElement.isEmpty();
    }

    void begin(Client taker, ReadyElements.Stored element) {
        byElement.put(element.number(), new Lease(taker, element));
    }

    /** The element, if this one has it. */
    ReadyElements.@Nullable Stored find(Client taker, long element) {
        Lease lease = byElement.get(element);
        return lease == null || !lease.taker().equals(taker) ? null : lease.element();
    }

    /** The lease is over; the element, or null if it was not this one's. */
    ReadyElements.@Nullable Stored end(Client taker, long element) {
        ReadyElements.Stored stored = find(taker, element);
        if (stored != null) {
            byElement.remove(element);
        }
        return stored;
    }

    /** Its leases are over; the elements. */
    List<ReadyElements.Stored> gone(Client taker) {
        List<ReadyElements.Stored> back = new ArrayList<>();
        for (Iterator<Lease> each = byElement.values().iterator(); each.hasNext(); ) {
            Lease lease = each.next();
            if (lease.taker().equals(taker)) {
                back.add(lease.element());
                each.remove();
            }
        }
        return back;
    }
}
