package dev.yagura.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * One call of `yagura`.
 *
 * @param code exit code
 */
record Invocation(int code, String out, String err) {
    static Invocation of(String... arguments) {
        return of(YaguraCommand.commandLine(), arguments);
    }

    /** Of a command line that was made before, which takes longer than most commands run. */
    static Invocation of(CommandLine command, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                command.setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new Invocation(code, out.toString(), err.toString());
    }
}
