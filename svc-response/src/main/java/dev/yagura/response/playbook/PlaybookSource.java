package dev.yagura.response.playbook;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.response.v1.PlaybookSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The text of a playbook. */
final class PlaybookSource {
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MOST_PROBLEMS = 20;

    private PlaybookSource() {}

    /**
     * What it says.
     *
     * @throws InvalidFieldException with every problem, each with its line and column
     */
    static PlaybookSpec read(String yaml) {
        if (yaml.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new InvalidFieldException("source", "is longer than 64 KiB", "split it");
        }
        PlaybookSpec.Builder spec = PlaybookSpec.newBuilder();
        YamlMessage read = YamlMessage.read(yaml, spec);
        List<SourceProblem> problems = new ArrayList<>(read.problems());
        if (problems.isEmpty()) {
            problems.addAll(PlaybookCheck.problems(spec.build(), read));
        }
        if (!problems.isEmpty()) {
            throw new InvalidFieldException("source", text(problems), "see the playbook reference");
        }
        return spec.build();
    }

    private static String text(List<SourceProblem> problems) {
        String first =
                problems.stream()
                        .sorted(
                                Comparator.comparingInt(SourceProblem::line)
                                        .thenComparingInt(SourceProblem::column))
                        .limit(MOST_PROBLEMS)
                        .map(SourceProblem::toString)
                        .collect(Collectors.joining("\n"));
        return problems.size() > MOST_PROBLEMS
                ? first + "\nand " + (problems.size() - MOST_PROBLEMS) + " more"
                : first;
    }
}
