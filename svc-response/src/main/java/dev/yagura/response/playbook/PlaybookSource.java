package dev.yagura.response.playbook;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.yaml.SourceProblem;
import dev.yagura.common.yaml.YamlMessage;
import dev.yagura.proto.response.v1.PlaybookSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The text of a playbook. */
final class PlaybookSource {
    private static final int MAX_BYTES = 64 * 1024;

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
            throw new InvalidFieldException(
                    "source", SourceProblem.text(problems), "see the playbook reference");
        }
        return spec.build();
    }
}
