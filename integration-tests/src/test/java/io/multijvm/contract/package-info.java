/** What every kind of pool promises, as one suite that each kind inherits. */
@NullMarked
package io.multijvm.contract;

import org.jspecify.annotations.NullMarked;
