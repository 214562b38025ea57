package dev.yagura.sigma.overfit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Other ways to write the same text for a POSIX shell. Each takes its choices from the random. */
final class ShellText {
    private static final double HOW_OFTEN = 0.4;

    /** The first word of a command: at the start, or behind what separates commands. */
    private static final Pattern COMMAND =
            Pattern.compile("(^|[;|&(]\\s*)([a-z][a-z0-9]+)(?=[\\s;|&)]|$)");

    private ShellText() {}

    /** Empty quotes within words: c""at. */
    static String quotesInWords(String text, SplittableRandom random) {
        return withinWords(text, random, List.of("''", "\"\""));
    }

    /** Backslashes within words: c\at. */
    static String backslashesInWords(String text, SplittableRandom random) {
        return withinWords(text, random, List.of("\\"));
    }

    /** The separator variable for blanks: cat${IFS}/etc/passwd. */
    static String separatorForBlanks(String text, SplittableRandom random) {
        List<String> ways = List.of("${IFS}", "$IFS$9");
        StringBuilder out = new StringBuilder();
        scan(
                text,
                (index, quote) -> {
                    char at = text.charAt(index);
                    boolean between = index > 0 && isPlain(text.charAt(index - 1));
                    if (at == ' ' && quote == 0 && between && index + 1 < text.length()) {
                        out.append(ways.get(random.nextInt(ways.size())));
                    } else {
                        out.append(at);
                    }
                });
        return out.toString();
    }

    /** Names of programs put together from variables: a=cu;b=rl;$a$b. */
    static String namesFromVariables(String text, SplittableRandom random) {
        StringBuilder assignments = new StringBuilder();
        Matcher matcher = COMMAND.matcher(text);
        StringBuilder out = new StringBuilder();
        for (int number = 0; matcher.find(); number++) {
            String word = matcher.group(2);
            int cut = 1 + random.nextInt(word.length() - 1);
            assignments.append(
                    "a%d=%s;b%d=%s;"
                            .formatted(
                                    number, word.substring(0, cut), number, word.substring(cut)));
            matcher.appendReplacement(
                    out,
                    Matcher.quoteReplacement(
                            matcher.group(1) + "${a%d}${b%d}".formatted(number, number)));
        }
        matcher.appendTail(out);
        return assignments + out.toString();
    }

    /** All of it in base64, decoded into a shell. */
    static String base64(String text, SplittableRandom random) {
        String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return switch (random.nextInt(4)) {
            case 0 -> "echo " + encoded + "|base64 -d|sh";
            case 1 -> "base64 --decode<<<" + encoded + " | bash";
            case 2 -> "eval \"$(printf %s " + encoded + " | base64 -di)\"";
            default -> "echo " + encoded + " | openssl base64 -A -d | /bin/sh";
        };
    }

    private static String withinWords(String text, SplittableRandom random, List<String> what) {
        StringBuilder out = new StringBuilder();
        scan(
                text,
                (index, quote) -> {
                    boolean inside =
                            quote == 0
                                    && index > 0
                                    && isLetter(text.charAt(index))
                                    && isLetter(text.charAt(index - 1))
                                    && !isVariable(text, index);
                    if (inside && random.nextDouble() < HOW_OFTEN) {
                        out.append(what.get(random.nextInt(what.size())));
                    }
                    out.append(text.charAt(index));
                });
        return out.toString();
    }

    /** Sees each character, and the quote that it is in (0: none). */
    private interface Visitor {
        void at(int index, char quote);
    }

    private static void scan(String text, Visitor visitor) {
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char at = text.charAt(i);
            if (quote == 0 && (at == '\'' || at == '"')) {
                visitor.at(i, at);
                quote = at;
            } else {
                visitor.at(i, quote);
                quote = at == quote ? 0 : quote;
            }
        }
    }

    private static boolean isLetter(char at) {
        return at >= 'a' && at <= 'z' || at >= 'A' && at <= 'Z';
    }

    private static boolean isPlain(char at) {
        return isLetter(at) || at >= '0' && at <= '9' || "/.-_+".indexOf(at) >= 0;
    }

    /** Within the name of a variable, where a quote would end the name. */
    private static boolean isVariable(String text, int index) {
        int start = index;
        while (start > 0 && isLetter(text.charAt(start - 1))) {
            start--;
        }
        int end = index;
        while (end < text.length() && isLetter(text.charAt(end))) {
            end++;
        }
        boolean read = start > 0 && "${".indexOf(text.charAt(start - 1)) >= 0;
        return read || end < text.length() && text.charAt(end) == '=';
    }
}
