/** What clients and owners of shared objects say to each other, as values. */
@NullMarked
package io.multijvm.wire.objects;

import org.jspecify.annotations.NullMarked;
