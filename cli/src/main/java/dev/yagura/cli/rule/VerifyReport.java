package dev.yagura.cli.rule;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.yagura.cli.output.Printable;
import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.pack.Rule;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a folder of rules is worth. */
record VerifyReport(Path folder, OfflineRules rules) {

    /** Counts of one log source. */
    private static final class Counts {
        private final int[] byState = new int[Rule.State.values().length];
    }

    void text(PrintWriter out) {
        section(out, Rule.State.INVALID, "invalid");
        section(out, Rule.State.CANNOT_FIRE, "cannot fire");
        section(out, Rule.State.ACTIVE, "can fire, but do not see everything");
        out.println("log sources: active, cannot fire, invalid");
        byLogSource()
                .forEach((logSource, counts) ->
                        out.printf(
                                "  %-55s %6d %6d %6d%n",
                                Printable.of(logSource),
                                counts.byState[0],
                                counts.byState[1],
                                counts.byState[2]));
        out.printf(
                "%d rules: %d active, %d cannot fire, %d invalid%n",
                rules.rules().size(),
                rules.count(Rule.State.ACTIVE),
                rules.count(Rule.State.CANNOT_FIRE),
                rules.count(Rule.State.INVALID));
    }

    private void section(PrintWriter out, Rule.State state, String title) {
        boolean begun = false;
        for (Rule rule : rules.rules()) {
            if (rule.state() != state) {
                continue;
            }
            for (Diagnostic diagnostic : rule.diagnostics()) {
                if (!begun) {
                    out.println(title + ":");
                    begun = true;
                }
                out.println(
                        Printable.of(
                                "  "
                                        + RulesVerifyCommand.place(rule, diagnostic)
                                        + ": "
                                        + diagnostic.message()));
            }
        }
        if (begun) {
            out.println();
        }
    }

    private Map<String, Counts> byLogSource() {
        Map<String, Counts> counts = new TreeMap<>();
        for (Rule rule : rules.rules()) {
            counts.computeIfAbsent(logSource(rule), key -> new Counts())
                    .byState[rule.state().ordinal()]++;
        }
        return counts;
    }

    private static String logSource(Rule rule) {
        return rule.sigma().map(sigma -> sigma.logSource().toString()).orElse("(not read)");
    }

    /** One object: counts, and a finding for each diagnostic. */
    void json(PrintWriter out) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json =
                JsonFactory.builder()
                        .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                        .build()
                        .createGenerator(text)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeStringField("folder", folder.toString());
            json.writeNumberField("rules", rules.rules().size());
            for (Rule.State state : Rule.State.values()) {
                json.writeNumberField(word(state), rules.count(state));
            }
            json.writeArrayFieldStart("findings");
            for (Rule rule : rules.rules()) {
                for (Diagnostic diagnostic : rule.diagnostics()) {
                    finding(json, rule, diagnostic);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every text", e);
        }
        out.println(text);
    }

    private static void finding(JsonGenerator json, Rule rule, Diagnostic diagnostic)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("state", word(rule.state()));
        json.writeStringField("path", rule.sourcePath());
        json.writeNumberField("line", diagnostic.line());
        json.writeNumberField("column", diagnostic.column());
        json.writeStringField("rule_id", rule.id());
        json.writeStringField("title", rule.title());
        json.writeStringField("logsource", logSource(rule));
        json.writeStringField("message", diagnostic.message());
        json.writeEndObject();
    }

    private static String word(Rule.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
