// SPDX-License-Identifier: Apache-2.0
package examples.data;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Names of people who do not exist. */
public final class NameList {
    private static final List<String> GIVEN = List.of(
            "Ada",
            "Anselm",
            "Beatrix",
            "Cosmo",
            "Dorothea",
            "Edwin",
            "Fenella",
            "Giles",
            "Harriet",
            "Ivo",
            "Juno",
            "Kit",
            "Leonora",
            "Magnus",
            "Nerys",
            "Oswald",
            "Perpetua",
            "Quentin",
            "Rosalind",
            "Silas",
            "Thea",
            "Una");

    private static final List<String> SURNAMES = List.of(
            "Ashcroft",
            "Ashcraft",
            "Burroughs",
            "Burrows",
            "Catherwood",
            "Ellery",
            "Fairfax",
            "Gough",
            "Honeyman",
            "Jackson",
            "Lloyd",
            "Lukasiewicz",
            "Pfister",
            "Robert",
            "Rubin",
            "Rupert",
            "Smith",
            "Smythe",
            "Tymczak",
            "Wheeler",
            "Washington",
            "Zeller");

    private NameList() {}

    /** So many names, some of them more than once. */
    public static List<String> of(long seed, int names) {
        Random random = new Random(seed);
        return Stream.generate(() -> any(GIVEN, random) + " " + any(SURNAMES, random))
                .limit(names)
                .toList();
    }

    private static String any(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }
}
