package dev.yagura.ingest.ledger;

import com.google.protobuf.Timestamp;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.paging.PageKey;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.proto.ingest.v1.GetLedgerRequest;
import dev.yagura.proto.ingest.v1.LedgerHour;
import dev.yagura.proto.ingest.v1.LedgerServiceGrpc;
import dev.yagura.proto.ingest.v1.ListLedgersRequest;
import dev.yagura.proto.ingest.v1.ListLedgersResponse;
import dev.yagura.proto.ingest.v1.LossReason;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The loss ledger to people and services. */
@ApplicationScoped
class LedgerEndpoint implements LedgerServiceGrpc.AsyncService, BindableService {
    private static final String LIST = "yagura.ingest.v1.LedgerService/ListLedgers";
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;
    private static final long HOUR_SECONDS = TimeUnit.HOURS.toSeconds(1);

    private final Ledger ledger;

    @Inject
    LedgerEndpoint(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return LedgerServiceGrpc.bindService(this);
    }

    @Override
    public void getLedger(GetLedgerRequest request, StreamObserver<LedgerHour> observer) {
        Principal caller = reader();
        Replies.unary(
                observer,
                () -> {
                    if (request.getAgentId().isEmpty()) {
                        throw new InvalidFieldException(
                                "agent_id", "is empty", "send the agent's id");
                    }
                    if (!request.hasHour()) {
                        throw new InvalidFieldException(
                                "hour", "is missing", "send a time in the hour");
                    }
                    LedgerCount.Key key =
                            new LedgerCount.Key(
                                    Math.floorDiv(request.getHour().getSeconds(), HOUR_SECONDS),
                                    request.getAgentId());
                    LedgerQuery scope =
                            new LedgerQuery(
                                    caller.accountIds(), Optional.empty(), false, Optional.empty());
                    return ledger.find(key, scope)
                            .map(LedgerEndpoint::message)
                            .orElseThrow(() ->
                                    new NotFoundException(
                                            "ledger", key.agentId() + " in hour " + key.hour()));
                });
    }

    @Override
    public void listLedgers(
            ListLedgersRequest request, StreamObserver<ListLedgersResponse> observer) {
        Principal caller = reader();
        Replies.unary(observer, () -> list(request, caller));
    }

    private ListLedgersResponse list(ListLedgersRequest request, Principal caller) {
        int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
        byte[] filter = request.toBuilder().clearPageSize().clearPageToken().build().toByteArray();
        PageTokens tokens = PageTokens.of(LIST, filter, "hour desc, agent_id");
        Optional<PageKey> after = tokens.read(request.getPageToken());
        LedgerQuery query =
                new LedgerQuery(
                        caller.accountIds(),
                        Optional.of(request.getAgentId()).filter(id -> !id.isEmpty()),
                        request.getOnlyLosses(),
                        after.map(key -> new LedgerCount.Key(key.number(0), key.text(1))));
        List<LedgerCount> found = ledger.list(query, size + 1);
        List<LedgerCount> page = found.subList(0, Math.min(size, found.size()));
        ListLedgersResponse.Builder answer = ListLedgersResponse.newBuilder();
        page.forEach(count -> answer.addLedgers(message(count)));
        if (found.size() > size) {
            LedgerCount.Key last = page.getLast().key();
            answer.setNextPageToken(tokens.next(Long.toString(last.hour()), last.agentId()));
        }
        return answer.build();
    }

    /** Agents have no accounts of their own, which would mean every account: they may not read. */
    private static Principal reader() {
        Principal caller = Callers.current();
        if (!caller.isToken() && !caller.isService()) {
            throw new PermissionDeniedException("the ledger is for people and services");
        }
        return caller;
    }

    private static LedgerHour message(LedgerCount count) {
        LedgerHour.Builder message =
                LedgerHour.newBuilder()
                        .setAgentId(count.key().agentId())
                        .setHostId(count.hostId())
                        .setScope(count.scope())
                        .setHour(
                                Timestamp.newBuilder()
                                        .setSeconds(count.key().hour() * HOUR_SECONDS))
                        .setProduced(count.stored() + count.declaredLost())
                        .setStored(count.stored())
                        .setDeclaredLost(count.declaredLost())
                        .setBatches(count.batches())
                        .setStoredBytes(count.storedBytes());
        new TreeMap<>(count.losses())
                .forEach((reason, events) ->
                        message.addLosses(
                                LossReason.newBuilder().setReason(reason).setEvents(events)));
        return message.build();
    }
}
