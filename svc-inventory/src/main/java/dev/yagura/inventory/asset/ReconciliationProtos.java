package dev.yagura.inventory.asset;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.text.Texts;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.proto.inventory.v1.ReconcileAssetsRequest;
import dev.yagura.proto.inventory.v1.ReconciledSet;
import dev.yagura.proto.inventory.v1.ReconciledSetState;
import dev.yagura.proto.inventory.v1.ReconciliationState;
import dev.yagura.proto.inventory.v1.ReconciliationTally;
import dev.yagura.proto.type.v1.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reconciliations as messages. */
final class ReconciliationProtos {
    private static final Pattern REQUEST_ID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final int MOST_SCOPES = 1_000;
    private static final int MOST_TYPES = 100;
    private static final int MAX_TEXT = 255;

    private ReconciliationProtos() {}

    static Reconciliations.Request request(ReconcileAssetsRequest message) {
        if (!REQUEST_ID.matcher(message.getRequestId()).matches()) {
            throw new InvalidFieldException(
                    "request_id",
                    "is no UUID",
                    "send a new UUID, and the same one when you try again");
        }
        atMost("scopes", message.getScopesCount(), MOST_SCOPES);
        atMost("resource_types", message.getResourceTypesCount(), MOST_TYPES);
        List<Scope> scopes = new ArrayList<>();
        for (Scope scope : message.getScopesList()) {
            scopes.add(Scopes.require("scopes[" + scopes.size() + "]", scope));
        }
        List<String> types = new ArrayList<>();
        for (String type : message.getResourceTypesList()) {
            types.add(Texts.required("resource_types[" + types.size() + "]", type, MAX_TEXT));
        }
        return new Reconciliations.Request(UUID.fromString(message.getRequestId()), scopes, types);
    }

    private static void atMost(String field, int count, int most) {
        if (count > most) {
            throw new InvalidFieldException(
                    field, "has more than " + most, "send fewer, or none for all");
        }
    }

    static dev.yagura.proto.inventory.v1.Reconciliation message(Reconciliation from) {
        int sets = from.counts().values().stream().mapToInt(Integer::intValue).sum();
        var message = summary(from).toBuilder().setOmittedSets(sets - from.sets().size());
        from.sets().forEach(set -> message.addSets(message(set)));
        return message.build();
    }

    /** For lists. */
    static dev.yagura.proto.inventory.v1.Reconciliation summary(Reconciliation from) {
        var message =
                dev.yagura.proto.inventory.v1.Reconciliation.newBuilder()
                        .setName(ResourceName.of("reconciliations", from.id()))
                        .setState(state(from))
                        .setRequestId(from.requestId().toString())
                        .setRequestedBy(from.requestedBy())
                        .setStartTime(AssetProtos.timestamp(from.startTime()))
                        .setDueTime(AssetProtos.timestamp(from.dueTime()))
                        .setWaitingCount(from.count(Reconciliation.State.WAITING))
                        .setReadingCount(from.count(Reconciliation.State.READING))
                        .setCompleteCount(from.count(Reconciliation.State.COMPLETE))
                        .setNotRecordedCount(from.count(Reconciliation.State.NOT_RECORDED))
                        .setFailedCount(from.count(Reconciliation.State.FAILED))
                        .setTally(tally(from.tally()));
        if (from.endTime() != null) {
            message.setEndTime(AssetProtos.timestamp(from.endTime()));
        }
        return message.build();
    }

    private static ReconciliationState state(Reconciliation from) {
        if (from.endTime() == null) {
            return ReconciliationState.RECONCILIATION_STATE_RUNNING;
        }
        return from.count(Reconciliation.State.FAILED) > 0
                ? ReconciliationState.RECONCILIATION_STATE_FAILED
                : ReconciliationState.RECONCILIATION_STATE_SUCCEEDED;
    }

    private static ReconciledSet message(Reconciliation.ReconciledSet from) {
        ReconciledSet.Builder message =
                ReconciledSet.newBuilder()
                        .setScope(from.set().scope())
                        .setResourceType(from.set().resourceType())
                        .setState(state(from.state()))
                        .setReason(from.reason())
                        .setTally(tally(from.tally()));
        if (from.startTime() != null) {
            message.setStartTime(AssetProtos.timestamp(from.startTime()));
        }
        if (from.endTime() != null) {
            message.setEndTime(AssetProtos.timestamp(from.endTime()));
        }
        return message.build();
    }

    private static ReconciledSetState state(Reconciliation.State state) {
        return switch (state) {
            case WAITING -> ReconciledSetState.RECONCILED_SET_STATE_WAITING;
            case READING -> ReconciledSetState.RECONCILED_SET_STATE_READING;
            case COMPLETE -> ReconciledSetState.RECONCILED_SET_STATE_COMPLETE;
            case NOT_RECORDED -> ReconciledSetState.RECONCILED_SET_STATE_NOT_RECORDED;
            case FAILED -> ReconciledSetState.RECONCILED_SET_STATE_FAILED;
        };
    }

    private static ReconciliationTally tally(Tally from) {
        return ReconciliationTally.newBuilder()
                .setItemsRead(from.items())
                .setCalls(from.calls())
                .setAssetsNew(from.created())
                .setAssetsChanged(from.changed())
                .setAssetsTombstoned(from.tombstoned())
                .build();
    }
}
