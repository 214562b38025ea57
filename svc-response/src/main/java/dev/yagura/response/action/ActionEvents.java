package dev.yagura.response.action;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.RunCommandTarget;
import dev.yagura.response.outbox.Event;
import dev.yagura.response.outbox.EventTypes;
import java.util.List;

/**
 * What is told outside of an action. Only fields that are named here: a plan, calls, commands and
 * what hosts answered may hold secrets, and so may fields that do not exist yet.
 */
final class ActionEvents {
    /** Of lists that grow as long as an action is in force. */
    private static final int MOST = 20;

    private ActionEvents() {}

    /**
     * The event of a write; none when the state is the same.
     *
     * @param before the default instance for a new action
     * @param after as it is stored
     */
    static List<Event> of(Action before, Action after) {
        boolean moved = after.getTransitionsCount() > before.getTransitionsCount();
        return moved
                ? List.of(
                        Event.of(
                                EventTypes.ACTION_STATE_CHANGED,
                                after.getName(),
                                after.getTarget().getScope().getAccountId(),
                                after.getUpdateTime(),
                                told(after)))
                : List.of();
    }

    private static Action told(Action action) {
        return Action.newBuilder()
                .setName(action.getName())
                .setKind(action.getKind())
                .setTarget(told(action.getTarget()))
                .setState(action.getState())
                .setStateReason(action.getStateReason())
                .setReason(action.getReason())
                .setIncident(action.getIncident())
                .setRequestedBy(action.getRequestedBy())
                .addAllVerifications(last(action.getVerificationsList()))
                .addAllTransitions(last(action.getTransitionsList()))
                .addAllDrift(last(action.getDriftList()))
                .setCreateTime(action.getCreateTime())
                .setUpdateTime(action.getUpdateTime())
                .setEtag(action.getEtag())
                .setAutomated(action.getAutomated())
                .addAllOverriddenGuards(action.getOverriddenGuardsList())
                .setPlaybookRun(action.getPlaybookRun())
                .build();
    }

    /** Which things, without what is done to them. */
    private static ActionTarget told(ActionTarget target) {
        ActionTarget.Builder told =
                ActionTarget.newBuilder()
                        .setScope(target.getScope())
                        .setInstanceId(target.getInstanceId())
                        .setAccessKeyId(target.getAccessKeyId())
                        .setRoleName(target.getRoleName())
                        .setPrincipalArn(target.getPrincipalArn());
        if (target.hasProcess()) {
            told.setProcess(target.getProcess());
        }
        if (target.hasFile()) {
            told.setFile(target.getFile());
        }
        if (target.hasInstanceProfile()) {
            told.setInstanceProfile(target.getInstanceProfile());
        }
        if (target.hasRunCommand()) {
            RunCommandTarget command = target.getRunCommand();
            told.setRunCommand(
                    RunCommandTarget.newBuilder()
                            .setDocument(command.getDocument())
                            .addAllInstanceIds(command.getInstanceIdsList())
                            .addAllTags(command.getTagsList()));
        }
        if (target.hasBlock()) {
            told.setBlock(target.getBlock());
        }
        if (target.hasVolume()) {
            told.setVolume(target.getVolume());
        }
        if (target.hasFunction()) {
            told.setFunction(target.getFunction());
        }
        if (target.hasTask()) {
            told.setTask(target.getTask());
        }
        if (target.hasInvocation()) {
            told.getInvocationBuilder().setName(target.getInvocation().getName());
        }
        if (target.hasStateMachine()) {
            told.getStateMachineBuilder().setArn(target.getStateMachine().getArn());
        }
        if (target.getPublish().hasTopicArn()) {
            told.getPublishBuilder().setTopicArn(target.getPublish().getTopicArn());
        }
        if (target.getPublish().hasEventBus()) {
            told.getPublishBuilder().setEventBus(target.getPublish().getEventBus());
        }
        if (target.hasOpenTicket()) {
            told.getOpenTicketBuilder()
                    .setEndpoint(target.getOpenTicket().getEndpoint())
                    .setTitle(target.getOpenTicket().getTitle());
        }
        if (target.hasFindings()) {
            told.setFindings(target.getFindings());
        }
        return told.build();
    }

    private static <T> List<T> last(List<T> all) {
        return all.subList(Math.max(0, all.size() - MOST), all.size());
    }
}
