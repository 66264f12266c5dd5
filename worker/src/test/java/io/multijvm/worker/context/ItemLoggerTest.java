// SPDX-License-Identifier: Apache-2.0
package io.multijvm.worker.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ItemLoggerTest {
    private final Logger target = Logger.getLogger("io.multijvm.task");
    private final List<String> said = new ArrayList<>();
    private final Handler ear = new Handler() {
        @Override
        public void publish(LogRecord one) {
            said.add(one.getLevel() + " " + new SimpleFormatter().formatMessage(one)
                    + (one.getThrown() == null ? "" : " " + one.getThrown().getMessage()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private final System.Logger logger = ItemLogger.of("worker 3.1, item 37");

    @BeforeEach
    void listen() {
        target.addHandler(ear);
        target.setUseParentHandlers(false);
    }

    @AfterEach
    void listenNoMore() {
        target.removeHandler(ear);
        target.setUseParentHandlers(true);
    }

    @Test
    void everyFormOfMessageNamesWorkerAndItem() {
        logger.log(System.Logger.Level.INFO, "it''s plain {0}");
        logger.log(System.Logger.Level.WARNING, "{0} of {1}", "one", "two");
        logger.log(System.Logger.Level.ERROR, "failed", new IllegalStateException("why"));
        logger.log(System.Logger.Level.INFO, () -> "made late");
        assertThat(said)
                .containsExactly(
                        "INFO worker 3.1, item 37: it''s plain {0}",
                        "WARNING worker 3.1, item 37: one of two",
                        "SEVERE worker 3.1, item 37: failed why",
                        "INFO worker 3.1, item 37: made late");
    }

    @Test
    void messagesOfABundleAreTranslated() {
        ListResourceBundle bundle = new ListResourceBundle() {
            @Override
            protected Object[][] getContents() {
                return new Object[][] {{"greeting", "hello {0}"}};
            }
        };
        logger.log(System.Logger.Level.INFO, bundle, "greeting", "you");
        logger.log(System.Logger.Level.INFO, bundle, "unknown", (Throwable) null);
        assertThat(said).containsExactly("INFO worker 3.1, item 37: hello you", "INFO worker 3.1, item 37: unknown");
    }

    @Test
    void whatIsNotLoggedIsNotMade() {
        target.setLevel(Level.WARNING);
        try {
            Supplier<String> costly = () -> {
                throw new AssertionError("nobody asked");
            };
            logger.log(System.Logger.Level.INFO, costly);
            assertThat(logger.isLoggable(System.Logger.Level.INFO)).isFalse();
            assertThat(said).isEmpty();
        } finally {
            target.setLevel(null);
        }
    }
}
