package dev.yagura.cli.rule;

import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.pack.Rule;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** `yagura rules verify`. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Reports offline which rules of a folder load, which cannot fire and why, and which are invalid.",
            "A rule can fire when a sensor delivers its log source and fields enough to meet its condition."
        },
        footer = {
            "",
            "Exit codes: 0 no rule is invalid, 1 some are, 2 wrong usage or no rules",
            "",
            "Examples:",
            "  yagura rules verify sigma/rules",
            "  yagura rules verify --format json --mappings my-mappings sigma/rules"
        })
final class RulesVerifyCommand implements Callable<Integer> {

    /** How the report is written. */
    enum Format {
        text,
        json
    }

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--format",
            paramLabel = "text|json",
            defaultValue = "text",
            description =
                    "text for people, json for programs: one object (default: ${DEFAULT-VALUE}).")
    private Format format = Format.text;

    @Option(
            names = "--mappings",
            paramLabel = "FOLDER",
            description =
                    "Folder or file of mappings: log sources, fields and values of placeholders of your own.")
    private @Nullable Path mappings;

    @Parameters(paramLabel = "FOLDER", description = "Folder of Sigma rules.")
    private Path folder = Path.of("");

    @Override
    public Integer call() {
        OfflineRules rules = OfflineRules.read(List.of(folder), Optional.ofNullable(mappings));
        PrintWriter out = spec.commandLine().getOut();
        VerifyReport report = new VerifyReport(folder, rules);
        if (format == Format.json) {
            report.json(out);
        } else {
            report.text(out);
        }
        out.flush();
        return rules.count(Rule.State.INVALID) > 0 ? 1 : 0;
    }

    /** "path:line:column", without what is not known. */
    static String place(Rule rule, Diagnostic diagnostic) {
        return diagnostic.line() == 0
                ? rule.sourcePath()
                : rule.sourcePath() + ":" + diagnostic.line() + ":" + diagnostic.column();
    }
}
