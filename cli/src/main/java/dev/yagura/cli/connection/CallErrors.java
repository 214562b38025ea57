package dev.yagura.cli.connection;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** One line for people, an exit code for programs; no stack traces. */
public final class CallErrors implements IExecutionExceptionHandler {
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NOT_ALLOWED = 3;
    static final int NOT_FOUND = 4;
    static final int REFUSED = 5;
    static final int NOT_REACHABLE = 6;

    @Override
    public int handleExecutionException(
            Exception error, CommandLine commandLine, ParseResult parsed) throws Exception {
        PrintWriter err = commandLine.getErr();
        if (error instanceof UsageException) {
            err.println("yagura: " + error.getMessage());
            return USAGE;
        }
        if (error instanceof StatusRuntimeException status) {
            err.println("yagura: " + text(status));
            return exitCode(status);
        }
        throw error;
    }

    private static int exitCode(StatusRuntimeException error) {
        return switch (error.getStatus().getCode()) {
            case INVALID_ARGUMENT -> USAGE;
            case UNAUTHENTICATED, PERMISSION_DENIED -> NOT_ALLOWED;
            case NOT_FOUND -> NOT_FOUND;
            case FAILED_PRECONDITION -> REFUSED;
            case UNAVAILABLE, DEADLINE_EXCEEDED -> NOT_REACHABLE;
            default -> FAILED;
        };
    }

    private static String text(StatusRuntimeException error) {
        String description = error.getStatus().getDescription();
        String text = description == null ? error.getStatus().getCode().name() : description;
        StringBuilder lines = new StringBuilder(text);
        Status details = StatusProto.fromThrowable(error);
        if (details != null) {
            for (Any detail : details.getDetailsList()) {
                appendViolations(lines, detail);
            }
        }
        return lines.toString();
    }

    private static void appendViolations(StringBuilder lines, Any detail) {
        if (!detail.is(PreconditionFailure.class)) {
            return;
        }
        try {
            detail.unpack(PreconditionFailure.class)
                    .getViolationsList()
                    .forEach(violation ->
                            lines.append("\n  ")
                                    .append(violation.getSubject())
                                    .append(": ")
                                    .append(violation.getDescription()));
        } catch (InvalidProtocolBufferException e) {
            lines.append("\n  (details of the error could not be read)");
        }
    }
}
