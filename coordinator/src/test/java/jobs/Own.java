// SPDX-License-Identifier: Apache-2.0
package jobs;

import io.multijvm.task.Job;
import java.io.Serializable;
import java.util.List;

/** A job that knows its items, which are of a class of its own. */
public final class Own implements Job<Own.Item, String> {
    public record Item(int number) implements Serializable {}

    @Override
    public String run(Item item) {
        return "item " + item.number() + " of "
                + item.getClass().getClassLoader().getName();
    }

    @Override
    public Iterable<Item> items() {
        return List.of(new Item(1), new Item(2), new Item(3));
    }
}
