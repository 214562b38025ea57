package dev.yagura.sigma.engine;

import dev.yagura.sigma.taxonomy.CaseFolding;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeSet;

/**
 * Numbers the characters of some literals from 1, whatever their case; 0 is every other character.
 */
final class Columns {
    private static final int ASCII = 128;

    private final char[] ofAscii = new char[ASCII];
    private final char[] otherCharacters;
    private final char[] ofOthers;
    private final int count;

    /**
     * Numbers.
     *
     * @param literals case-folded
     */
    Columns(Collection<String> literals) {
        TreeSet<Character> alphabet = new TreeSet<>();
        for (String literal : literals) {
            for (int i = 0; i < literal.length(); i++) {
                alphabet.add(literal.charAt(i));
            }
        }
        otherCharacters = new char[alphabet.tailSet((char) ASCII).size()];
        ofOthers = new char[otherCharacters.length];
        char column = 0;
        int others = 0;
        for (char c : alphabet) {
            column++;
            if (c < ASCII) {
                ofAscii[c] = column;
            } else {
                otherCharacters[others] = c;
                ofOthers[others++] = column;
            }
        }
        count = column + 1;
        for (char c = 'A'; c <= 'Z'; c++) {
            ofAscii[c] = ofAscii[CaseFolding.fold(c)];
        }
    }

    /** Columns, that of every other character included. */
    int count() {
        return count;
    }

    int of(char c) {
        return c < ASCII ? ofAscii[c] : ofOther(c);
    }

    private int ofOther(char c) {
        char folded = CaseFolding.fold(c);
        if (folded < ASCII) {
            return ofAscii[folded];
        }
        int index = Arrays.binarySearch(otherCharacters, folded);
        return index < 0 ? 0 : ofOthers[index];
    }
}
