package dev.yagura.response.host;

import dev.yagura.proto.response.v1.EradicationTarget;
import dev.yagura.proto.response.v1.FileLineTarget;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.proto.response.v1.ProcessTarget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Something that eradicate removes; the host knows it by its place in the list. */
sealed interface Finding {
    record ProcessFinding(ProcessTarget process) implements Finding {}

    record FileFinding(FileTarget file) implements Finding {}

    record LineFinding(FileLineTarget line) implements Finding {}

    record UnitFinding(String name) implements Finding {}

    record UserFinding(String name) implements Finding {}

    /** In the order in which the host numbers them. */
    static List<Finding> of(EradicationTarget target) {
        List<Finding> findings = new ArrayList<>();
        target.getProcessesList().forEach(each -> findings.add(new ProcessFinding(each)));
        target.getFilesList().forEach(each -> findings.add(new FileFinding(each)));
        target.getLinesList().forEach(each -> findings.add(new LineFinding(each)));
        target.getUnitsList().forEach(each -> findings.add(new UnitFinding(each)));
        target.getUsersList().forEach(each -> findings.add(new UserFinding(each)));
        return List.copyOf(findings);
    }

    /** As a parameter: a line for each, free text in base64, all of it in base64. */
    static String encoded(List<Finding> findings) {
        return base64(findings.stream().map(Finding::words).collect(Collectors.joining("\n")));
    }

    private String words() {
        return switch (this) {
            case ProcessFinding(ProcessTarget process) ->
                    "process %s %d"
                            .formatted(
                                    Integer.toUnsignedString(process.getPid()),
                                    process.getStartTimeNs());
            case FileFinding(FileTarget file) ->
                    "file %s %s".formatted(base64(file.getPath()), file.getSha256());
            case LineFinding(FileLineTarget line) ->
                    "line %s %s".formatted(base64(line.getPath()), base64(line.getLine()));
            case UnitFinding(String name) -> "unit " + name;
            case UserFinding(String name) -> "user " + name;
        };
    }

    /** For people. */
    default String text() {
        return switch (this) {
            case ProcessFinding(ProcessTarget process) ->
                    "process " + Integer.toUnsignedString(process.getPid());
            case FileFinding(FileTarget file) -> "file " + file.getPath();
            case LineFinding(FileLineTarget line) -> "a line of " + line.getPath();
            case UnitFinding(String name) -> "unit " + name;
            case UserFinding(String name) -> "account " + name;
        };
    }

    /** A process that was killed is gone. */
    default boolean isRestorable() {
        return !(this instanceof ProcessFinding);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
