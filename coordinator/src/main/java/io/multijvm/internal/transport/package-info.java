/**
 * The way to the workers and back: one server, one event loop and one stream per worker. All of it but {@link
 * io.multijvm.internal.transport.Hub}'s own methods is confined to that loop.
 */
@NullMarked
package io.multijvm.internal.transport;

import org.jspecify.annotations.NullMarked;
