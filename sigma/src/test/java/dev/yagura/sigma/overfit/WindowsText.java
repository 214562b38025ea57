package dev.yagura.sigma.overfit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Other ways to write the same command line on Windows, as the recorded process got it: what cmd or
 * PowerShell would have removed before is not among them, except inside the text that is given to
 * one of them.
 */
final class WindowsText {
    private static final double HOW_OFTEN = 0.4;
    private static final Pattern FOR_CMD = Pattern.compile("(?i)\\bcmd(?:\\.exe)?\"?\\s.*/[ck]\\s");
    private static final Pattern FOR_POWERSHELL =
            Pattern.compile("(?i)\\b(?:powershell|pwsh)(?:\\.exe)?\\b");

    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"]|\"[^\"]*\"?)+");

    private WindowsText() {}

    /** Carets within words of what cmd runs: n^et us^er. */
    static String carets(String line, SplittableRandom random) {
        var found = FOR_CMD.matcher(line);
        return found.find()
                ? line.substring(0, found.end())
                        + withinWords(line.substring(found.end()), '^', random)
                : line;
    }

    /**
     * Backticks within words of what PowerShell runs; not before letters that a backtick makes a
     * control character of.
     */
    static String backticks(String line, SplittableRandom random) {
        var found = FOR_POWERSHELL.matcher(line);
        return found.find()
                ? line.substring(0, found.end())
                        + withinWords(line.substring(found.end()), '`', random)
                : line;
    }

    /** Quotes within words, which the program's own parser removes: ne"t us"er. */
    static String quotes(String line, SplittableRandom random) {
        if (line.indexOf('"') >= 0) {
            return line; // a quote more would change where the quoted parts end
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            if (isInside(line, i) && random.nextDouble() < HOW_OFTEN) {
                out.append("\"\"");
            }
            out.append(line.charAt(i));
        }
        return out.toString();
    }

    /** Letters in a random case. */
    static String mixedCase(String line, SplittableRandom random) {
        StringBuilder out = new StringBuilder();
        line.chars()
                .forEach(at ->
                        out.append(
                                (char)
                                        (random.nextBoolean()
                                                ? Character.toUpperCase(at)
                                                : Character.toLowerCase(at))));
        return out.toString();
    }

    /** Options with a slash for a dash and the other way round. */
    static String otherDash(String line) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char at = line.charAt(i);
            boolean option =
                    i > 0
                            && line.charAt(i - 1) == ' '
                            && i + 1 < line.length()
                            && isLetter(line.charAt(i + 1));
            out.append(option && at == '-' ? '/' : option && at == '/' ? '-' : at);
        }
        return out.toString();
    }

    /** Options with what follows them in another order, where the program reads options. */
    static String otherOrder(String line, SplittableRandom random) {
        if (FOR_CMD.matcher(line).find() || FOR_POWERSHELL.matcher(line).find()) {
            return line; // what is behind an option may be the whole of the rest
        }
        List<String> groups = new ArrayList<>();
        for (String word : words(line)) {
            boolean option = word.startsWith("-") || word.startsWith("/");
            if (option || groups.isEmpty()) {
                groups.add(word);
            } else {
                groups.add(groups.removeLast() + ' ' + word);
            }
        }
        if (groups.size() < 3) {
            return line;
        }
        Collections.shuffle(groups.subList(1, groups.size()), new Random(random.nextLong()));
        return String.join(" ", groups);
    }

    /** Split at blanks outside quotes. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            words.add(word.group());
        }
        return words;
    }

    /** The line with another path for the program's. */
    static String calledBy(String line, String before, String path) {
        String called = path.indexOf(' ') < 0 ? path : '"' + path + '"';
        if (line.isEmpty() || line.regionMatches(true, 0, before, 0, before.length())) {
            return line.isEmpty() ? line : called + line.substring(before.length());
        }
        Matcher word = WORD.matcher(line);
        return word.find() ? called + line.substring(word.end()) : line;
    }

    private static String withinWords(String text, char what, SplittableRandom random) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            boolean special = what == '`' && "0abefnrtuv".indexOf(text.charAt(i)) >= 0;
            if (isInside(text, i) && !special && random.nextDouble() < HOW_OFTEN) {
                out.append(what);
            }
            out.append(text.charAt(i));
        }
        return out.toString();
    }

    private static boolean isInside(String text, int index) {
        return index > 0 && isLetter(text.charAt(index)) && isLetter(text.charAt(index - 1));
    }

    private static boolean isLetter(char at) {
        return at >= 'a' && at <= 'z' || at >= 'A' && at <= 'Z';
    }
}
