package dev.yagura.response.host;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What a document printed: a line for each fact, a word and its values. Free text is base64.
 *
 * @param complete its last line is there: Systems Manager cuts output at 24,000 characters
 */
record HostReport(List<Fact> facts, boolean complete) {
    private static final String HEAD = "yagura-report 1";
    private static final String END = "end";

    /** For example "killed" with pid, start and path. */
    record Fact(String word, List<String> values) {
        Fact {
            values = List.copyOf(values);
        }

        /** Empty when the host said less. */
        String value(int index) {
            return index < values.size() ? values.get(index) : "";
        }

        /** A value that is free text; a host that sends something else gets it back as it is. */
        String text(int index) {
            try {
                return new String(Base64.getDecoder().decode(value(index)), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return value(index);
            }
        }
    }

    HostReport {
        facts = List.copyOf(facts);
    }

    /** Empty when the output is no report at all: the script did not come to its end. */
    static Optional<HostReport> parse(String output) {
        List<String> lines = output.lines().toList();
        int head = lines.indexOf(HEAD);
        if (head < 0) {
            return Optional.empty();
        }
        List<Fact> facts = new ArrayList<>();
        for (String line : lines.subList(head + 1, lines.size())) {
            List<String> words = List.of(line.strip().split(" +", -1));
            if (words.getFirst().equals(END)) {
                return Optional.of(new HostReport(facts, true));
            }
            facts.add(new Fact(words.getFirst(), words.subList(1, words.size())));
        }
        return Optional.of(new HostReport(facts, false));
    }

    List<Fact> all(String word) {
        return facts.stream().filter(fact -> fact.word().equals(word)).toList();
    }

    Optional<Fact> first(String word) {
        return all(word).stream().findFirst();
    }

    /** Why the host did nothing; empty when it did something. */
    Optional<String> refusal() {
        return first("refused").map(fact -> fact.text(0));
    }
}
