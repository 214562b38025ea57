package dev.yagura.cli.output;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where and how results are printed. */
public final class Output {
    private static final JsonFormat.Printer JSON =
            JsonFormat.printer().omittingInsignificantWhitespace();

    /** A table column of messages of one kind. */
    public record Column<M>(String title, Function<M, String> value) {}

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table for people, json for programs: one object a line.")
    private OutputFormat format = OutputFormat.table;

    public boolean isJson() {
        return format == OutputFormat.json;
    }

    /** Prints messages as a table, or each as a line of JSON. */
    public <M extends Message> void print(List<M> messages, List<Column<M>> columns) {
        if (isJson()) {
            messages.forEach(this::json);
            return;
        }
        Table table = new Table(columns.stream().map(Column::title).toList());
        messages.forEach(message ->
                table.row(columns.stream().map(column -> column.value().apply(message)).toList()));
        table.print(out());
    }

    /** Prints one message as lines of text, or as a line of JSON. */
    public <M extends Message> void print(M message, Function<M, List<String>> lines) {
        if (isJson()) {
            json(message);
        } else {
            lines.apply(message).forEach(out()::println);
        }
        flush();
    }

    public void json(Message message) {
        try {
            out().println(JSON.print(message));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("message cannot be written as JSON", e);
        }
    }

    /** For people only; nothing in JSON mode. */
    public void line(String text) {
        if (!isJson()) {
            out().println(text);
        }
    }

    public void flush() {
        out().flush();
    }

    private PrintWriter out() {
        return spec.root().commandLine().getOut();
    }
}
