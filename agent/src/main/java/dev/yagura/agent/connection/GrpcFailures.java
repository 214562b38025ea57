package dev.yagura.agent.connection;

import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.agent.failure.AgentFailure.Kind;
import io.grpc.Status;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a failed call means for the operator, with the remedy. */
public final class GrpcFailures {
    private GrpcFailures() {}

    /**
     * Translates.
     *
     * @param gateway "host:port", for the text
     */
    public static AgentFailure of(Throwable error, String gateway) {
        Status status = Status.fromThrowable(error);
        return switch (status.getCode()) {
            case UNAUTHENTICATED ->
                    new AgentFailure(
                            Kind.NOT_ALLOWED,
                            "the gateway does not accept this agent or its token ("
                                    + description(status)
                                    + "): the certificate may be revoked or expired, or the token used up; enroll --again with a new token",
                            error);
            case PERMISSION_DENIED ->
                    new AgentFailure(
                            Kind.NOT_ALLOWED,
                            "the gateway refuses this agent ("
                                    + description(status)
                                    + "): ask who revoked it, then enroll --again with a new token",
                            error);
            case INVALID_ARGUMENT ->
                    new AgentFailure(
                            Kind.USAGE,
                            "the gateway does not accept the request: " + description(status),
                            error);
            case ABORTED ->
                    new AgentFailure(
                            Kind.REFUSED,
                            "another process sends from a copy of this agent's state: stop one of them, and enroll each host by itself",
                            error);
            case UNAVAILABLE, DEADLINE_EXCEEDED -> unavailable(status, error, gateway);
            default ->
                    new AgentFailure(
                            Kind.FAILED,
                            "the gateway failed: " + status.getCode() + " " + description(status),
                            error);
        };
    }

    private static AgentFailure unavailable(Status status, Throwable error, String gateway) {
        Throwable cause = status.getCause();
        if (has(cause, CertPathBuilderException.class)
                || has(cause, CertPathValidatorException.class)
                || has(cause, CertificateException.class)) {
            return new AgentFailure(
                    Kind.NOT_REACHABLE,
                    "the certificate of "
                            + gateway
                            + " is not from the given authority, or is for another name: give the gateway's own CA file with --ca",
                    error);
        }
        if (has(cause, SSLException.class)) {
            return new AgentFailure(
                    Kind.NOT_ALLOWED,
                    "TLS with "
                            + gateway
                            + " failed ("
                            + root(cause)
                            + "): the agent's certificate may be expired or of another authority; enroll --again",
                    error);
        }
        if (has(cause, UnknownHostException.class)) {
            return new AgentFailure(
                    Kind.NOT_REACHABLE,
                    "the name of the gateway " + gateway + " is not known: check --gateway and DNS",
                    error);
        }
        if (has(cause, ConnectException.class)) {
            return new AgentFailure(
                    Kind.NOT_REACHABLE,
                    "nothing answers at "
                            + gateway
                            + " (connection refused): check that the gateway runs and that --gateway names its port",
                    error);
        }
        return new AgentFailure(
                Kind.NOT_REACHABLE,
                "the gateway "
                        + gateway
                        + " does not answer ("
                        + description(status)
                        + "): check network and gateway",
                error);
    }

    private static String description(Status status) {
        return status.getDescription() == null
                ? status.getCode().name()
                : status.getDescription().lines().findFirst().orElse("");
    }

    private static boolean has(@Nullable Throwable error, Class<? extends Throwable> type) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String root(@Nullable Throwable error) {
        String text = "";
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            text = String.valueOf(cause.getMessage());
        }
        return text;
    }
}
