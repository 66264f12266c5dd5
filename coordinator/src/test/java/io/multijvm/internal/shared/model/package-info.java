/** All interleavings of the shared lock's protocol, looked at one by one. Knows nothing of the real classes. */
@NullMarked
package io.multijvm.internal.shared.model;

import org.jspecify.annotations.NullMarked;
