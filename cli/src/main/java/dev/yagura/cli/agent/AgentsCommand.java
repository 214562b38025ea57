package dev.yagura.cli.agent;

import com.google.protobuf.util.Durations;
import dev.yagura.cli.connection.Connection;
import dev.yagura.cli.output.Output;
import dev.yagura.cli.output.Output.Column;
import dev.yagura.cli.output.Pages;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.inventory.v1.Agent;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.AgentState;
import dev.yagura.proto.inventory.v1.CreateEnrollmentTokenRequest;
import dev.yagura.proto.inventory.v1.EnrollmentToken;
import dev.yagura.proto.inventory.v1.GetAgentRequest;
import dev.yagura.proto.inventory.v1.IdentityProof;
import dev.yagura.proto.inventory.v1.ListAgentsRequest;
import dev.yagura.proto.inventory.v1.ListAgentsResponse;
import dev.yagura.proto.inventory.v1.RetireAgentRequest;
import dev.yagura.proto.inventory.v1.RevokeAgentRequest;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `yagura agents`. */
@Command(
        name = "agents",
        mixinStandardHelpOptions = true,
        description = "Agents: list, show, enrol, revoke, retire.",
        footer = {
            "",
            "Examples:",
            "  yagura agents enrollment-token --account 111122223333 --region ap-northeast-1",
            "  yagura agents revoke agents/0198c0de-… --reason 'host rebuilt'",
            "  yagura agents retire agents/0198c0de-… --reason 'machine scrapped'"
        })
public final class AgentsCommand {
    private static final IdentityProof PROVEN =
            IdentityProof.IDENTITY_PROOF_INSTANCE_IDENTITY_DOCUMENT;

    private static final List<Column<Agent>> COLUMNS =
            List.of(
                    new Column<>("HOST", agent -> agent.getDevice().getHostname()),
                    new Column<>("INSTANCE", agent -> agent.getDevice().getInstanceId()),
                    new Column<>(
                            "STATE", agent -> Texts.constant(agent.getState(), "AGENT_STATE_")),
                    new Column<>(
                            "PROVEN", agent -> agent.getIdentityProof() == PROVEN ? "yes" : "no"),
                    new Column<>("VERSION", Agent::getVersion),
                    new Column<>("HEARTBEAT", agent -> Texts.time(agent.getLastHeartbeatTime())),
                    new Column<>(
                            "COMMANDS",
                            agent -> agent.getHealth().getTakesCommands() ? "open" : "-"),
                    new Column<>(
                            "CERTIFICATE ENDS",
                            agent -> Texts.time(agent.getCertificateExpireTime())),
                    new Column<>(
                            "PROBLEMS",
                            agent -> String.join("; ", agent.getHealth().getProblemsList())),
                    new Column<>("NAME", Agent::getName));

    @Command(name = "list", description = "Agents by id.", mixinStandardHelpOptions = true)
    void list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(
                            names = "--state",
                            defaultValue = "unspecified",
                            description = "enrolled, connected, silent, revoked, retired.")
                    String state,
            @Option(names = "--limit", defaultValue = "50", description = "At most so many.")
                    int limit) {
        AgentState wanted = Texts.parse(AgentState.class, "AGENT_STATE_", state);
        List<Agent> agents =
                connection.call(channel -> {
                    var stub = AgentServiceGrpc.newBlockingStub(channel);
                    return Pages.collect(
                            limit,
                            (size, token) ->
                                    stub.listAgents(
                                            ListAgentsRequest.newBuilder()
                                                    .setPageSize(size)
                                                    .setPageToken(token)
                                                    .setState(wanted)
                                                    .build()),
                            ListAgentsResponse::getAgentsList,
                            ListAgentsResponse::getNextPageToken);
                });
        output.print(agents, COLUMNS);
    }

    @Command(name = "show", description = "One agent as JSON.", mixinStandardHelpOptions = true)
    void show(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "agents/{id}") String name) {
        output.json(
                connection.<Agent>call(channel ->
                        AgentServiceGrpc.newBlockingStub(channel)
                                .getAgent(GetAgentRequest.newBuilder().setName(name).build())));
        output.flush();
    }

    @Command(
            name = "enrollment-token",
            description = "Makes a token that agents enrol with; the secret is shown once.",
            mixinStandardHelpOptions = true)
    void enrollmentToken(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(
                            names = "--partition",
                            defaultValue = "aws",
                            description = "AWS partition (default ${DEFAULT-VALUE}).")
                    String partition,
            @Option(
                            names = "--account",
                            defaultValue = "000000000000",
                            description = "AWS account; the default is for hosts outside AWS.")
                    String account,
            @Option(
                            names = "--region",
                            defaultValue = "local",
                            description = "AWS region; the default is for hosts outside AWS.")
                    String region,
            @Option(
                            names = "--ttl",
                            defaultValue = "PT1H",
                            description = "How long it is valid (default ${DEFAULT-VALUE}).")
                    Duration ttl,
            @Option(
                            names = "--uses",
                            defaultValue = "1",
                            description = "How many agents (default ${DEFAULT-VALUE}).")
                    int uses) {
        EnrollmentToken token =
                connection.call(channel ->
                        AgentServiceGrpc.newBlockingStub(channel)
                                .createEnrollmentToken(
                                        CreateEnrollmentTokenRequest.newBuilder()
                                                .setScope(
                                                        Scope.newBuilder()
                                                                .setPartition(partition)
                                                                .setAccountId(account)
                                                                .setRegion(region))
                                                .setTtl(Durations.fromNanos(ttl.toNanos()))
                                                .setMaxUses(uses)
                                                .build()));
        output.print(token, each -> List.of(each.getSecret()));
    }

    @Command(
            name = "revoke",
            description = "Ends an agent's certificate and its open streams.",
            mixinStandardHelpOptions = true)
    void revoke(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "agents/{id}") String name,
            @Option(names = "--reason", required = true, description = "Why.") String reason) {
        output.print(
                List.of(
                        connection.<Agent>call(channel ->
                                AgentServiceGrpc.newBlockingStub(channel)
                                        .revokeAgent(
                                                RevokeAgentRequest.newBuilder()
                                                        .setName(name)
                                                        .setReason(reason)
                                                        .build()))),
                COLUMNS);
    }

    @Command(
            name = "retire",
            description = "Takes a host outside EC2 out of the inventory, with all its agents.",
            mixinStandardHelpOptions = true)
    void retire(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = "agents/{id}: any agent of the host")
                    String name,
            @Option(names = "--reason", required = true, description = "Why.") String reason) {
        output.print(
                List.of(
                        connection.<Agent>call(channel ->
                                AgentServiceGrpc.newBlockingStub(channel)
                                        .retireAgent(
                                                RetireAgentRequest.newBuilder()
                                                        .setName(name)
                                                        .setReason(reason)
                                                        .build()))),
                COLUMNS);
    }
}
