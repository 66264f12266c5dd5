/** Why a worker ended, in words that those who end it, those who explain it and those who write it down share. */
@NullMarked
package io.multijvm.internal.death;

import org.jspecify.annotations.NullMarked;
