// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** As {@link NothingLeft}, after all tests of a class that share a pool. */
public final class NothingLeftOfClass implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        NothingLeft.awaitNothing("before the class");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        NothingLeft.awaitNothing("after the class");
    }
}
