// SPDX-License-Identifier: Apache-2.0
package io.multijvm.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values for flags that a command does not give: from {@code MULTIJVM_*} variables, else from a file in the working
 * directory, else from one of the user's. Remembers where each came from, for a wrong one is corrected there.
 */
final class Configuration implements IDefaultValueProvider {
    /** The file in the working directory. */
    static final String FILE = "multijvm.properties";

    private static final String VARIABLE_PREFIX = "MULTIJVM_";
    private static final Pattern WORDS = Pattern.compile("\\s+");

    /**
     * Where to look.
     *
     * @param environment of this process
     * @param files properties, the ones that win first; they need not exist
     */
    record Places(Map<String, String> environment, List<Path> files) {
        static final Places NONE = new Places(Map.of(), List.of());

        Places {
            environment = Map.copyOf(environment);
            files = List.copyOf(files);
        }

        /** Those of this process. */
        static Places ofThisProcess() {
            Map<String, String> environment = System.getenv();
            String base = environment.getOrDefault("XDG_CONFIG_HOME", "");
            Path home = base.isEmpty() ? Path.of(System.getProperty("user.home", ""), ".config") : Path.of(base);
            return new Places(
                    environment, List.of(Path.of(FILE), home.resolve("multijvm").resolve("config.properties")));
        }
    }

    private record Value(String text, String origin) {}

    private final Map<String, Value> values;
    private final List<String> arguments;

    private Configuration(Map<String, Value> values, List<String> arguments) {
        this.values = values;
        this.arguments = arguments;
    }

    /**
     * Reads what there is, unless help is asked for: a mistake in a file must not keep anybody from reading how to mend it.
     *
     * @throws UsageException if a file cannot be read or has a key that is no flag
     */
    static Configuration load(Places places, CommandLine program, String... args) {
        List<String> arguments =
                Arrays.stream(args).takeWhile(each -> !each.equals("--")).toList();
        Map<String, Value> values = new TreeMap<>();
        boolean helps = arguments.stream().anyMatch(List.of("-h", "--help", "-V", "--version")::contains);
        if (!helps) {
            List<String> keys = keys(program);
            for (Path file : places.files()) {
                read(file, keys).forEach((key, text) -> values.putIfAbsent(key, new Value(text, key + " in " + file)));
            }
            for (String key : keys) {
                String variable = VARIABLE_PREFIX + key.replace('-', '_').toUpperCase(Locale.ROOT);
                String text = places.environment().getOrDefault(variable, "");
                if (!text.isEmpty()) {
                    values.put(key, new Value(text, variable + " in the environment"));
                }
            }
        }
        return new Configuration(values, arguments);
    }

    /** What can be configured: every long flag of a command, but those that say what is run on what. */
    private static List<String> keys(CommandLine program) {
        TreeSet<String> keys = new TreeSet<>();
        for (CommandLine command : program.getSubcommands().values()) {
            if (!configurable(command.getCommandName())) {
                continue;
            }
            command.getCommandSpec().options().stream()
                    .filter(option -> !option.usageHelp() && !option.versionHelp())
                    .map(OptionSpec::longestName)
                    .filter(name -> name.startsWith("--") && !JobOptions.FLAGS.contains(name))
                    .forEach(name -> keys.add(name.substring(2)));
        }
        return List.copyOf(keys);
    }

    /** What is replayed is to run as it ran then, whatever is configured for runs by now. */
    private static boolean configurable(String command) {
        return !command.equals(ReplayCommand.NAME);
    }

    private static Map<String, String> read(Path file, List<String> keys) {
        Properties properties = new Properties();
        if (!Files.exists(file)) {
            return Map.of();
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException("the configuration in " + file + " cannot be read: " + OneLine.messageOf(e)
                    + "; correct it, or move it away");
        }
        Map<String, String> read = new LinkedHashMap<>();
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            if (!keys.contains(key)) {
                throw new UsageException(unknown(file, key, keys));
            }
            read.put(key, properties.getProperty(key).strip());
        }
        return read;
    }

    private static String unknown(Path file, String key, List<String> keys) {
        if (JobOptions.FLAGS.contains("--" + key)) {
            return file + ": " + key + " cannot be configured; what is run on what is said by the command";
        }
        String help = Suggestions.nearest(key, keys)
                .map(each -> "did you mean " + each + "?")
                .orElse("keys are the long flags of multijvm run, without their dashes");
        return file + ": there is no key " + OneLine.quote(key) + "; " + help;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || !option.longestName().startsWith("--")) {
            return null;
        }
        if (!configurable(option.command().name())) {
            return null;
        }
        Value value = values.get(option.longestName().substring(2));
        // A switch that is on by default would be turned off by giving it.
        if (value == null || (isSwitch(option) && isGiven(option))) {
            return null;
        }
        if (option.isMultiValue() && !option.splitRegex().isEmpty()) {
            return String.join(option.splitRegex(), WORDS.split(value.text()));
        }
        return value.text();
    }

    private static boolean isSwitch(OptionSpec option) {
        return option.type() == boolean.class || option.type() == Boolean.class;
    }

    private boolean isGiven(OptionSpec option) {
        List<Pattern> forms = new ArrayList<>();
        for (String name : option.names()) {
            // short flags can stand together, as in -qj2
            forms.add(Pattern.compile(
                    name.startsWith("--")
                            ? Pattern.quote(name) + "(=.*)?"
                            : "-[A-Za-z]*" + Pattern.quote(name.substring(1)) + "[A-Za-z0-9]*"));
        }
        return arguments.stream()
                .anyMatch(given ->
                        forms.stream().anyMatch(form -> form.matcher(given).matches()));
    }

    /** Where the value of this flag stands, if it is not on the command line. */
    private Optional<String> origin(CommandLine command, OptionSpec option) {
        Value value = values.get(option.longestName().replaceFirst("^--", ""));
        boolean onLine =
                command.getParseResult() != null && command.getParseResult().hasMatchedOption(option.longestName());
        return value == null || onLine ? Optional.empty() : Optional.of(value.origin());
    }

    /**
     * The message of a refusal, with the place of the wrong value instead of the flag that it begins with, if the flag was
     * not given: {@code --workers must be ...} becomes {@code MULTIJVM_WORKERS in the environment: must be ...}.
     */
    String told(CommandLine command, String message) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            String name = option.longestName();
            // the library speaks of its options without dashes
            for (String start : List.of(name + " ", name.replaceFirst("^--", "") + " ")) {
                if (message.startsWith(start)) {
                    return origin(command, option)
                            .map(origin -> origin + ": " + message.substring(start.length()))
                            .orElse(message);
                }
            }
        }
        return message;
    }

    /** The same for a value that is not even of the flag's type; such a message names the flag and then the value. */
    String toldOfType(CommandLine command, @Nullable ArgSpec argument, String message) {
        int value = message.indexOf("': ");
        if (!(argument instanceof OptionSpec option) || value < 0) {
            return message;
        }
        return origin(command, option)
                .map(origin -> origin + ": " + message.substring(value + "': ".length()))
                .orElse(message);
    }
}
