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
    record Process(ProcessTarget process) implements Finding {}

    record File(FileTarget file) implements Finding {}

    record Line(FileLineTarget line) implements Finding {}

    record Unit(String name) implements Finding {}

    record User(String name) implements Finding {}

    /** In the order in which the host numbers them. */
    static List<Finding> of(EradicationTarget target) {
        List<Finding> findings = new ArrayList<>();
        target.getProcessesList().forEach(each -> findings.add(new Process(each)));
        target.getFilesList().forEach(each -> findings.add(new File(each)));
        target.getLinesList().forEach(each -> findings.add(new Line(each)));
        target.getUnitsList().forEach(each -> findings.add(new Unit(each)));
        target.getUsersList().forEach(each -> findings.add(new User(each)));
        return List.copyOf(findings);
    }

    /** As a parameter: a line for each, free text in base64, all of it in base64. */
    static String encoded(List<Finding> findings) {
        return base64(findings.stream().map(Finding::words).collect(Collectors.joining("\n")));
    }

    private String words() {
        return switch (this) {
            case Process(ProcessTarget process) ->
                    "process %s %d"
                            .formatted(
                                    Integer.toUnsignedString(process.getPid()),
                                    process.getStartTimeNs());
            case File(FileTarget file) ->
                    "file %s %s".formatted(base64(file.getPath()), file.getSha256());
            case Line(FileLineTarget line) ->
                    "line %s %s".formatted(base64(line.getPath()), base64(line.getLine()));
            case Unit(String name) -> "unit " + name;
            case User(String name) -> "user " + name;
        };
    }

    /** For people. */
    default String text() {
        return switch (this) {
            case Process(ProcessTarget process) ->
                    "process " + Integer.toUnsignedString(process.getPid());
            case File(FileTarget file) -> "file " + file.getPath();
            case Line(FileLineTarget line) -> "a line of " + line.getPath();
            case Unit(String name) -> "unit " + name;
            case User(String name) -> "account " + name;
        };
    }

    /** A process that was killed is gone. */
    default boolean isRestorable() {
        return !(this instanceof Process);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
