package dev.yagura.inventory.agent;

import com.google.protobuf.Duration;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.common.text.Texts;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.enrollment.EnrollmentTokens;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.AgentState;
import dev.yagura.proto.inventory.v1.CreateEnrollmentTokenRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.inventory.v1.EnrollmentToken;
import dev.yagura.proto.inventory.v1.GetAgentRequest;
import dev.yagura.proto.inventory.v1.ListAgentsRequest;
import dev.yagura.proto.inventory.v1.ListAgentsResponse;
import dev.yagura.proto.inventory.v1.ReportStatusRequest;
import dev.yagura.proto.inventory.v1.ReportStatusResponse;
import dev.yagura.proto.inventory.v1.RetireAgentRequest;
import dev.yagura.proto.inventory.v1.RevokeAgentRequest;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** yagura.inventory.v1.AgentService. */
@ApplicationScoped
class AgentEndpoint extends AgentServiceGrpc.AgentServiceImplBase {
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;
    private static final int MAX_TEXT = 500;
    private static final String COLLECTION = "agents";
    private static final String LIST = "yagura.inventory.v1.AgentService/ListAgents";

    private final AgentCatalog agents;
    private final EnrollmentTokens tokens;
    private final Heartbeats heartbeats;
    private final OpenReports reports;
    private final HostReportStore hostReports;
    private final Clock clock;

    @Inject
    AgentEndpoint(
            AgentCatalog agents,
            EnrollmentTokens tokens,
            Heartbeats heartbeats,
            OpenReports reports,
            HostReportStore hostReports,
            Clock clock) {
        this.agents = agents;
        this.tokens = tokens;
        this.heartbeats = heartbeats;
        this.reports = reports;
        this.hostReports = hostReports;
        this.clock = clock;
    }

    @Override
    public void createEnrollmentToken(
            CreateEnrollmentTokenRequest request, StreamObserver<EnrollmentToken> observer) {
        Principal caller = Callers.current();
        Visibility visibility = Visibility.of(caller);
        Scope scope = Scopes.require("scope", request.getScope());
        visibility.require(scope.getAccountId());
        EnrollmentTokens.Wish wish =
                new EnrollmentTokens.Wish(
                        scope,
                        request.hasTtl()
                                ? Optional.of(duration(request.getTtl()))
                                : Optional.empty(),
                        Integer.toUnsignedLong(request.getMaxUses()),
                        Texts.optional("description", request.getDescription(), MAX_TEXT),
                        caller.id());
        Replies.unary(
                observer,
                () -> {
                    EnrollmentTokens.Created created = tokens.create(wish);
                    return EnrollmentToken.newBuilder()
                            .setId(created.token().id().toString())
                            .setSecret(created.secret().reveal())
                            .setExpireTime(AgentProtos.timestamp(created.token().expireTime()))
                            .setMaxUses(created.token().maxUses())
                            .build();
                });
    }

    /** The one method for callers without identity: the token is the proof. */
    @Override
    public void enrollAgent(
            EnrollAgentRequest request, StreamObserver<EnrollAgentResponse> observer) {
        EnrollmentRequest checked = EnrollmentRequests.of(request);
        Replies.unary(
                observer,
                () -> {
                    AgentCatalog.Admitted admitted = agents.enroll(checked);
                    EnrollAgentResponse.Builder answer =
                            EnrollAgentResponse.newBuilder()
                                    .setAgentId(admitted.agent().id().toString())
                                    .setHostId(admitted.agent().hostId().toString())
                                    .setScope(admitted.agent().scope())
                                    .setIdentityProof(AgentProtos.proof(admitted.agent()))
                                    .setExpireTime(
                                            AgentProtos.timestamp(
                                                    admitted.certificate().expireTime()));
                    admitted.certificate().chain().stream()
                            .map(com.google.protobuf.ByteString::copyFrom)
                            .forEach(answer::addCertificateChain);
                    return answer.build();
                });
    }

    @Override
    public StreamObserver<ReportStatusRequest> reportStatus(
            StreamObserver<ReportStatusResponse> observer) {
        UUID agentId = UUID.fromString(Callers.current().requireAgent().getAgentId());
        ReportStreamEndpoint stream =
                new ReportStreamEndpoint(
                        (ServerCallStreamObserver<ReportStatusResponse>) observer,
                        agentId,
                        heartbeats,
                        clock);
        stream.forgetWith(reports.add(agentId, stream::end));
        // After it is known to be open: a revocation in between finds it.
        try {
            agents.requireAdmitted(agentId);
            stream.askForNext();
        } catch (YaguraException e) {
            stream.end(e);
        }
        return stream;
    }

    @Override
    public void getAgent(
            GetAgentRequest request, StreamObserver<dev.yagura.proto.inventory.v1.Agent> observer) {
        Visibility visibility = Visibility.of(Callers.current());
        UUID id = ResourceName.parse(COLLECTION, request.getName());
        Replies.unary(
                observer,
                () -> {
                    Agent agent = agents.get(id, visibility);
                    return AgentProtos.message(
                            agent,
                            Optional.ofNullable(hostReports.find(List.of(id)).get(id)),
                            clock.instant());
                });
    }

    @Override
    public void listAgents(ListAgentsRequest request, StreamObserver<ListAgentsResponse> observer) {
        Instant now = clock.instant();
        AgentStore.Selection selection =
                new AgentStore.Selection(
                        Visibility.of(Callers.current()), state(request.getState()), now);
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        PageTokens pages = PageTokens.of(LIST, new byte[] {(byte) request.getStateValue()}, "id");
        Optional<UUID> after = pages.read(request.getPageToken()).map(key -> key.uuid(0));
        Replies.unary(
                observer,
                () -> {
                    List<Agent> page = agents.list(selection, after, size);
                    ListAgentsResponse.Builder answer = ListAgentsResponse.newBuilder();
                    page.forEach(agent -> answer.addAgents(AgentProtos.message(agent, now)));
                    if (page.size() == size) {
                        answer.setNextPageToken(pages.next(page.getLast().id().toString()));
                    }
                    return answer.build();
                });
    }

    @Override
    public void revokeAgent(
            RevokeAgentRequest request,
            StreamObserver<dev.yagura.proto.inventory.v1.Agent> observer) {
        Visibility visibility = Visibility.of(Callers.current());
        UUID id = ResourceName.parse(COLLECTION, request.getName());
        String reason = Texts.required("reason", request.getReason(), MAX_TEXT);
        Replies.unary(
                observer,
                () -> AgentProtos.message(agents.revoke(id, reason, visibility), clock.instant()));
    }

    @Override
    public void retireAgent(
            RetireAgentRequest request,
            StreamObserver<dev.yagura.proto.inventory.v1.Agent> observer) {
        Visibility visibility = Visibility.of(Callers.current());
        UUID id = ResourceName.parse(COLLECTION, request.getName());
        String reason = Texts.required("reason", request.getReason(), MAX_TEXT);
        Replies.unary(
                observer,
                () -> AgentProtos.message(agents.retire(id, reason, visibility), clock.instant()));
    }

    private static java.time.Duration duration(Duration message) {
        return java.time.Duration.ofSeconds(message.getSeconds(), message.getNanos());
    }

    private static Optional<Agent.State> state(AgentState state) {
        return switch (state) {
            case AGENT_STATE_UNSPECIFIED -> Optional.empty();
            case AGENT_STATE_ENROLLED -> Optional.of(Agent.State.ENROLLED);
            case AGENT_STATE_CONNECTED -> Optional.of(Agent.State.CONNECTED);
            case AGENT_STATE_SILENT -> Optional.of(Agent.State.SILENT);
            case AGENT_STATE_REVOKED -> Optional.of(Agent.State.REVOKED);
            case AGENT_STATE_RETIRED -> Optional.of(Agent.State.RETIRED);
            case UNRECOGNIZED ->
                    throw new InvalidFieldException(
                            "state", "is unknown", "send one of AgentState, or nothing for any");
        };
    }
}
