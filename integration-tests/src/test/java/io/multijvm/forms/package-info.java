/** Programs as users write them: what compiles, what it means, the same with every kind of pool. */
@NullMarked
package io.multijvm.forms;

import org.jspecify.annotations.NullMarked;
