// SPDX-License-Identifier: Apache-2.0
package jobs;

import io.multijvm.task.Job;
import java.util.List;

/** Says the type of its items with a variable of its own. */
public abstract class OfLists<T> implements Job<List<T>, String> {
    int items;
}
