// SPDX-License-Identifier: Apache-2.0
package io.multijvm.testkit;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** As {@link NothingLeft}, for a class whose tests share a pool: looked at after the last of them. */
public final class NothingLeftInTheEnd implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        NothingLeft.awaitNothing("before the tests");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        NothingLeft.awaitNothing("after the tests");
    }
}
