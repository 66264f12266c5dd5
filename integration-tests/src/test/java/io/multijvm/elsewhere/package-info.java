/** The suite once more, in a JVM of its own: other sockets, another event loop, another JDK. */
@NullMarked
package io.multijvm.elsewhere;

import org.jspecify.annotations.NullMarked;
