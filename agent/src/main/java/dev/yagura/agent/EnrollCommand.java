package dev.yagura.agent;

import dev.yagura.agent.connection.GrpcGateway;
import dev.yagura.agent.enrollment.AgentIdentity;
import dev.yagura.agent.enrollment.Enrollment;
import dev.yagura.agent.enrollment.HostFacts;
import dev.yagura.agent.enrollment.InstanceMetadata;
import dev.yagura.agent.enrollment.StateFolder;
import dev.yagura.agent.failure.AgentFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "enroll",
        mixinStandardHelpOptions = true,
        description = {
            "Exchanges an enrolment token for a certificate.",
            "The key is made here and stays here. An agent that is enrolled stays as it is, unless",
            "its disk was copied from another instance: then it is enrolled as an agent of its own."
        },
        footer = {
            "",
            "Example:",
            "  yagura agents enrollment-token --account 111122223333 --region ap-northeast-1 > token",
            "  yagura-agent enroll --gateway edr.example.com:7443 --ca ca.pem --token-file token --state /var/lib/yagura"
        })
final class EnrollCommand implements Callable<Integer> {
    private static final String TOKEN_VARIABLE = "YAGURA_ENROLLMENT_TOKEN";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--gateway",
            paramLabel = "HOST:PORT",
            required = true,
            description = "Gateway.")
    private String gateway = "";

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            required = true,
            description = "Certificate authority of the gateway, PEM.")
    private Path authority = Path.of("");

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File with the enrolment token (or the variable YAGURA_ENROLLMENT_TOKEN).")
    private @Nullable Path tokenFile;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            required = true,
            description = "Folder that the agent keeps its key and spool in.")
    private Path state = Path.of("");

    @Option(
            names = "--instance-id",
            paramLabel = "ID",
            description =
                    "EC2 instance id; default: what the metadata service says, else what cloud-init has left, or none.")
    private @Nullable String instanceId;

    @Option(names = "--hostname", paramLabel = "NAME", description = "Default: the machine's.")
    private @Nullable String hostname;

    @Option(
            names = "--again",
            description =
                    "Enrol with a new key although there is a certificate; after a revocation.")
    private boolean again;

    @Override
    public Integer call() {
        InstanceMetadata metadata = InstanceMetadata.here();
        String instance =
                instanceId == null
                        ? metadata.instanceId().orElseGet(HostFacts::instanceId)
                        : instanceId;
        if (!instance.isEmpty() && !HostFacts.isInstanceId(instance)) {
            throw new AgentFailure(
                    AgentFailure.Kind.USAGE,
                    "--instance-id: expected i- and 8 to 17 hexadecimal digits, got '"
                            + instance
                            + "'");
        }
        Enrollment enrollment =
                new Enrollment(
                        new StateFolder(state),
                        request -> GrpcGateway.enroll(gateway, authority, request),
                        Clock.systemUTC());
        Enrollment.Result result =
                enrollment.enroll(
                        new Enrollment.Request(
                                gateway,
                                authority,
                                this::token,
                                instance,
                                metadata::signedIdentity,
                                hostname == null ? HostFacts.hostname() : hostname,
                                AgentVersion.text(),
                                again));
        AgentIdentity identity = result.identity();
        spec.commandLine()
                .getOut()
                .printf(
                        "%s: agent %s, host %s, account %s%s%n",
                        result.already() ? "already enrolled" : "enrolled",
                        identity.agentId(),
                        identity.hostId(),
                        identity.account(),
                        result.proven() ? ", instance proven" : "");
        return 0;
    }

    private String token() {
        String variable = System.getenv(TOKEN_VARIABLE);
        if (tokenFile == null) {
            if (variable == null || variable.isBlank()) {
                throw new AgentFailure(
                        AgentFailure.Kind.USAGE,
                        "no enrolment token: give --token-file FILE or set " + TOKEN_VARIABLE);
            }
            return variable.strip();
        }
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new AgentFailure(
                    AgentFailure.Kind.USAGE,
                    "--token-file: cannot read "
                            + tokenFile
                            + ": give a file with the token that `yagura agents enrollment-token` printed",
                    e);
        }
    }
}
