/** What all kinds of pools promise, as one suite that each kind passes. */
@NullMarked
package io.multijvm.contract;

import org.jspecify.annotations.NullMarked;
