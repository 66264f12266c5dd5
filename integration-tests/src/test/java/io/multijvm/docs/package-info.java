// SPDX-License-Identifier: Apache-2.0
/** What the README shows is what happens: its snippets, its transcript, its commands. */
@NullMarked
package io.multijvm.docs;

import org.jspecify.annotations.NullMarked;
