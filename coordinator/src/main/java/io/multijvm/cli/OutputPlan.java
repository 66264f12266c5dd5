// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.util.Locale;
import java.util.Map;

/**
 * How a command talks to its user.
 *
 * @param progress never {@link Kind#AUTO}
 * @param askedFor whether the user wants lines about progress from the beginning, not only when a run turns out long
 * @param json whether all lines are JSON
 * @param quiet whether only failures and errors are said
 */
record OutputPlan(Kind progress, boolean askedFor, boolean json, boolean quiet, Look look) {

    /** How progress is shown. */
    enum Kind {
        AUTO,
        BAR,
        PLAIN,
        JSON,
        NONE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** When colours are used. */
    enum Colour {
        AUTO,
        ALWAYS,
        NEVER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    OutputPlan {
        if (progress == Kind.AUTO) {
            throw new IllegalArgumentException("somebody has to decide what auto is");
        }
    }

    static OutputPlan of(Kind wanted, Colour colour, boolean json, boolean quiet, Stderr err) {
        Map<String, String> environment = err.environment();
        boolean able = isAble(environment);
        boolean terminal = able && !json && err.terminal().columns().isPresent();
        Kind kind = wanted;
        if (kind == Kind.AUTO) {
            kind = terminal && !isSet(environment, "CI") ? Kind.BAR : Kind.PLAIN;
        }
        boolean signs = terminal || kind == Kind.BAR;
        Look look =
                json ? Look.PLAIN : new Look(signs, signs && canShow(err), colourful(colour, environment, terminal));
        return new OutputPlan(kind, wanted != Kind.AUTO, json, quiet, look);
    }

    /** Whether a terminal, if there is one, understands escape sequences. */
    private static boolean isAble(Map<String, String> environment) {
        String term = environment.getOrDefault("TERM", "");
        return !term.isEmpty() && !term.equals("dumb");
    }

    /** The flag first, then what forbids, then what forces, then what the terminal can do. */
    private static boolean colourful(Colour flag, Map<String, String> environment, boolean terminal) {
        if (flag != Colour.AUTO) {
            return flag == Colour.ALWAYS;
        }
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
            return false;
        }
        return isSet(environment, "CLICOLOR_FORCE") || isSet(environment, "FORCE_COLOR") || terminal;
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        return !value.isEmpty() && !value.equals("0") && !value.equals("false");
    }

    /** Terminals of these languages draw some of our signs two columns wide, and others do not: nobody can know. */
    private static boolean canShow(Stderr err) {
        Map<String, String> environment = err.environment();
        String locale = "";
        for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            locale = locale.isEmpty() ? environment.getOrDefault(name, "") : locale;
        }
        return Look.canShowSigns(err.charset()) && !locale.matches("(zh|ja|ko)(_.*)?");
    }

    Wording wording() {
        return json ? new JsonWording() : new TextWording(look);
    }
}
