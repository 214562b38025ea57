package dev.yagura.cli.action;

import dev.yagura.cli.output.Printable;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.response.v1.AccessKeyState;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.AffectedGroup;
import dev.yagura.proto.response.v1.BlockTarget;
import dev.yagura.proto.response.v1.CommandResult;
import dev.yagura.proto.response.v1.EradicationTarget;
import dev.yagura.proto.response.v1.FindingsState;
import dev.yagura.proto.response.v1.FunctionInvocation;
import dev.yagura.proto.response.v1.HostCommand;
import dev.yagura.proto.response.v1.MemoryImage;
import dev.yagura.proto.response.v1.OpenTicketTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PublishState;
import dev.yagura.proto.response.v1.RunCommandTarget;
import dev.yagura.proto.response.v1.SnapshotProgress;
import dev.yagura.proto.response.v1.StateMachineExecution;
import dev.yagura.proto.response.v1.TicketState;
import dev.yagura.proto.response.v1.TriageArchive;
import dev.yagura.proto.response.v1.VolumeSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An action as a responder reads it. */
public final class ActionReport {
    private ActionReport() {}

    public static List<String> lines(Action action) {
        List<String> lines = new ArrayList<>();
        lines.add(
                action.getName()
                        + "  "
                        + Texts.constant(action.getKind(), "ACTION_KIND_")
                        + " "
                        + target(action.getTarget())
                        + "  "
                        + Texts.constant(action.getState(), "ACTION_STATE_")
                        + (action.getStateReason().isEmpty()
                                ? ""
                                : ": " + action.getStateReason()));
        lines.add("asked by " + action.getRequestedBy() + ": " + action.getReason());
        action.getCallsList()
                .forEach(call ->
                        lines.add(
                                "  call "
                                        + call.getOperation()
                                        + " "
                                        + new TreeMap<>(call.getParametersMap())
                                        + (call.getError().isEmpty()
                                                ? "  ok"
                                                : "  " + call.getError())));
        action.getHostCommandsList()
                .forEach(command ->
                        lines.add(
                                "  host %s (%s, %s)  %s"
                                        .formatted(
                                                command.getRunId(),
                                                command.getDocument(),
                                                way(command),
                                                command.getStatus())));
        action.getAccessKeyStatesList().forEach(key -> lines.add("  access key " + key(key)));
        action.getCommandRun().getResultsList().forEach(each -> lines.addAll(result(each)));
        action.getSnapshotSet()
                .getSnapshotsList()
                .forEach(each -> lines.add("  volume " + snapshot(each)));
        if (action.hasFunctionInvocation()) {
            lines.addAll(answer(action.getFunctionInvocation()));
        }
        if (action.hasTriageArchive()) {
            lines.add("  archive " + archive(action.getTriageArchive()));
        }
        if (action.hasMemoryImage()) {
            lines.add("  image " + image(action.getMemoryImage()));
        }
        if (action.hasExecution()) {
            lines.addAll(execution(action.getExecution()));
        }
        if (action.hasPublishState()) {
            lines.add("  message " + published(action.getPublishState()));
        }
        if (action.hasTicketState()) {
            lines.add("  message " + ticket(action.getTicketState()));
        }
        if (action.hasFindingsState()) {
            lines.add("  finding " + finding(action.getFindingsState()));
        }
        action.getVerificationsList()
                .forEach(verification ->
                        lines.add(
                                "  "
                                        + (verification.getPassed() ? "verified" : "NOT verified")
                                        + " ("
                                        + Texts.constant(
                                                verification.getLevel(), "VERIFICATION_LEVEL_")
                                        + "): "
                                        + verification.getDetail()));
        if (action.hasWatchTime()) {
            lines.add("  read back again " + Texts.time(action.getWatchTime()));
        }
        action.getDriftList().forEach(drift -> lines.add("  drift: " + drift));
        return printable(lines);
    }

    /** "by agents/…", "command 8f14e45f-…". */
    private static String way(HostCommand command) {
        if (!command.getAgent().isEmpty()) {
            return "by " + command.getAgent();
        }
        return "command "
                + command.getCommandId()
                + (command.getFallbackReason().isEmpty()
                        ? ""
                        : ", since " + command.getFallbackReason());
    }

    /** "AKIA… of deploy, before: Active". */
    private static String key(AccessKeyState key) {
        return "%s of %s, before: %s"
                .formatted(key.getAccessKeyId(), key.getUserName(), key.getStatus());
    }

    /** How a function ended, then what it answered. */
    private static List<String> answer(FunctionInvocation invocation) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "  version %s  %s%s"
                        .formatted(
                                invocation.getVersion(),
                                invocation.getStatusCode() == 0
                                        ? "no answer"
                                        : invocation.getFunctionError().isEmpty()
                                                ? "answered"
                                                : invocation.getFunctionError() + " error",
                                invocation.getResultCut() ? ", answer is cut" : ""));
        invocation.getResult().lines().forEach(line -> lines.add("    " + line));
        return lines;
    }

    /** Status of a host, then its output. */
    private static List<String> result(CommandResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "  host %s  %s%s%s"
                        .formatted(
                                result.getInstanceId(),
                                result.getStatus(),
                                result.getExitCode() == 0
                                        ? ""
                                        : ", exit code " + result.getExitCode(),
                                result.getOutputCut() ? ", output is cut" : ""));
        result.getOutput().lines().forEach(line -> lines.add("    " + line));
        result.getErrorOutput().lines().forEach(line -> lines.add("    error: " + line));
        if (!result.getOutputUrl().isEmpty()) {
            lines.add("    all of it: " + result.getOutputUrl());
        }
        return lines;
    }

    /** "vol-… /dev/xvda 8 GiB snap-… completed 100% deleted, copy snap-… pending 40%". */
    private static String snapshot(VolumeSnapshot each) {
        return "%s %s %d GiB  %s%s%s"
                .formatted(
                        each.getVolumeId(),
                        each.getDeviceName(),
                        each.getSizeGib(),
                        each.hasSnapshot() ? progress(each.getSnapshot()) : "no snapshot yet",
                        each.getSnapshotDeleted() ? " deleted" : "",
                        each.hasCopy() ? ", copy " + progress(each.getCopy()) : "");
    }

    /** "s3://bucket/key version … 1234 bytes, 60 members, SHA-256 …". */
    private static String archive(TriageArchive archive) {
        return "s3://%s/%s%s  %d bytes, %d members, SHA-256 %s"
                .formatted(
                        archive.getBucket(),
                        archive.getKey(),
                        archive.getVersionId().isEmpty()
                                ? ""
                                : " version " + archive.getVersionId(),
                        archive.getSizeBytes(),
                        archive.getMemberCount(),
                        archive.getSha256());
    }

    /** "s3://bucket/memory/…/manifest.json version … 60 of 60 parts, 1234 bytes, SHA-256 …". */
    private static String image(MemoryImage image) {
        boolean whole = !image.getManifestKey().isEmpty();
        return "s3://%s/%s%s  %d of %d parts read back, %d bytes of memory%s"
                .formatted(
                        image.getBucket(),
                        whole ? image.getManifestKey() : image.getKeyPrefix(),
                        image.getManifestVersionId().isEmpty()
                                ? ""
                                : " version " + image.getManifestVersionId(),
                        image.getReadPartCount(),
                        image.getPartCount(),
                        image.getSizeBytes(),
                        whole ? ", SHA-256 of the manifest " + image.getManifestSha256() : "");
    }

    /** Its status, then its output. */
    private static List<String> execution(StateMachineExecution execution) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "  execution %s  %s%s"
                        .formatted(
                                execution.getArn(),
                                execution.getStatus(),
                                execution.getOutputCut() ? ", output is cut" : ""));
        execution.getOutput().lines().forEach(line -> lines.add("    " + line));
        Stream.of(execution.getError(), execution.getCause())
                .filter(text -> !text.isEmpty())
                .forEach(text -> lines.add("    error: " + text));
        return lines;
    }

    /** "8f14e45f-…, 1 attempts were not answered". */
    private static String published(PublishState state) {
        return state.getMessageId()
                + (state.getUnansweredAttempts() == 0
                        ? ""
                        : ", " + state.getUnansweredAttempts() + " attempts were not answered");
    }

    /** "webhookDeliveries/… answered 201, ticket SEC-42 https://…". */
    private static String ticket(TicketState ticket) {
        return "%s  %s%s"
                .formatted(
                        ticket.getDelivery(),
                        ticket.getStatus() == 0 ? "no answer" : "answered " + ticket.getStatus(),
                        ticket.getTicketId().isEmpty() && ticket.getTicketUrl().isEmpty()
                                ? ""
                                : ", ticket "
                                        + (ticket.getTicketId() + " " + ticket.getTicketUrl())
                                                .strip());
    }

    /** "yagura/incidents/… ACTIVE HIGH, before: none". */
    private static String finding(FindingsState state) {
        return "%s  %s %s, before: %s"
                .formatted(
                        state.getFinding().getId(),
                        state.getFinding().getRecordState(),
                        state.getFinding().getSeverityLabel(),
                        state.getFormerRecordState().isEmpty()
                                ? "none"
                                : state.getFormerRecordState());
    }

    private static String progress(SnapshotProgress progress) {
        return "%s %s %s"
                .formatted(progress.getSnapshotId(), progress.getState(), progress.getProgress())
                .strip();
    }

    /** "i-0123456789abcdef0 pid 4242", "AWS-UpdateSSMAgent on i-0123456789abcdef0". */
    static String target(ActionTarget target) {
        if (target.hasRunCommand()) {
            RunCommandTarget command = target.getRunCommand();
            return command.getDocument()
                    + " on "
                    + (command.getTagsCount() == 0
                            ? String.join(",", command.getInstanceIdsList())
                            : command.getTagsList().stream()
                                    .map(tag -> tag.getKey() + "=" + tag.getValuesList())
                                    .collect(Collectors.joining(" ")));
        }
        if (target.hasOpenTicket()) {
            OpenTicketTarget ticket = target.getOpenTicket();
            return ticket.getTitle() + " at " + ticket.getEndpoint();
        }
        if (target.hasPublish()) {
            return target.getPublish().getTopicArn() + target.getPublish().getEventBus();
        }
        if (target.hasFindings()) {
            return "Security Hub in " + target.getScope().getRegion();
        }
        if (target.hasStateMachine()) {
            return target.getStateMachine().getArn();
        }
        if (target.hasProcess()) {
            return target.getInstanceId()
                    + " pid "
                    + Integer.toUnsignedString(target.getProcess().getPid());
        }
        if (!target.getAccessKeyId().isEmpty()) {
            return target.getAccessKeyId();
        }
        if (!target.getRoleName().isEmpty()) {
            return target.getRoleName();
        }
        if (!target.getPrincipalArn().isEmpty()) {
            return target.getPrincipalArn();
        }
        if (target.hasFunction()) {
            return target.getFunction().getName();
        }
        if (target.hasPod()) {
            return "%s %s/%s"
                    .formatted(
                            target.getPod().getCluster(),
                            target.getPod().getNamespace(),
                            target.getPod().getName());
        }
        if (target.hasTask()) {
            return target.getTask().getCluster() + " " + target.getTask().getTask();
        }
        if (target.hasInvocation()) {
            return target.getInvocation().getName();
        }
        if (target.hasBlock()) {
            return block(target.getBlock());
        }
        if (target.hasVolume()) {
            return "%s %s from %s"
                    .formatted(
                            target.getInstanceId(),
                            target.getVolume().getDeviceName(),
                            target.getVolume().getSnapshotId().isEmpty()
                                    ? target.getVolume().getRecoveryPointArn()
                                    : target.getVolume().getSnapshotId());
        }
        if (target.hasInstanceProfile()) {
            return target.getInstanceId() + " profile " + target.getInstanceProfile().getName();
        }
        if (target.hasEradication()) {
            return target.getInstanceId() + " " + findings(target.getEradication());
        }
        return target.hasFile()
                ? target.getInstanceId() + " " + target.getFile().getPath()
                : target.getInstanceId();
    }

    /** "203.0.113.66 in acl-…", "sgr-…", "example.com in vpc-…". */
    private static String block(BlockTarget block) {
        if (!block.getNetworkAclId().isEmpty()) {
            return block.getCidr() + " in " + block.getNetworkAclId();
        }
        return block.getVpcId().isEmpty()
                ? block.getSecurityGroupRuleId()
                : block.getDomain() + " in " + block.getVpcId();
    }

    /** "1 process, 2 files". */
    private static String findings(EradicationTarget target) {
        return Stream.of(
                        counted(target.getProcessesCount(), "process", "processes"),
                        counted(target.getFilesCount(), "file", "files"),
                        counted(target.getLinesCount(), "line", "lines"),
                        counted(target.getUnitsCount(), "unit", "units"),
                        counted(target.getUsersCount(), "account", "accounts"),
                        counted(target.getAccessKeyIdsCount(), "access key", "access keys"))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static String counted(int count, String one, String more) {
        return count == 0 ? "" : count + " " + (count == 1 ? one : more);
    }

    public static List<String> plan(Plan plan) {
        List<String> lines = new ArrayList<>();
        lines.add("checks:");
        plan.getChecksList()
                .forEach(check ->
                        lines.add(
                                "  "
                                        + Texts.constant(check.getOutcome(), "CHECK_OUTCOME_")
                                        + "  "
                                        + check.getLabel()
                                        + (check.getDetail().isEmpty()
                                                ? ""
                                                : ": " + check.getDetail())
                                        + (check.getRemedy().isEmpty()
                                                ? ""
                                                : "; " + check.getRemedy())));
        lines.add("calls:");
        plan.getCallsList().forEach(call -> addCall(lines, call));
        lines.add("undo would call:");
        plan.getUndoCallsList().forEach(call -> addCall(lines, call));
        if (plan.hasBlastRadius()) {
            lines.add("what depends on it: " + plan.getBlastRadius().getSummary());
            plan.getBlastRadius().getGroupsList().forEach(group -> lines.addAll(group(group)));
        }
        lines.add("what stays possible:");
        plan.getResidualRisksList().forEach(risk -> lines.add("  " + risk));
        return printable(lines);
    }

    /** " shares role: 21 AWS::EC2::Instance", then those that are named, one a line. */
    private static List<String> group(AffectedGroup group) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "  %s: %d %s"
                        .formatted(
                                Texts.constant(group.getRelation(), "AFFECTED_RELATION_")
                                        .replace('_', ' '),
                                group.getCount(),
                                group.getResourceType()));
        group.getAssetsList()
                .forEach(each ->
                        lines.add(
                                "    "
                                        + Texts.described(
                                                each.getLabel(),
                                                each.getNativeId(),
                                                each.getCriticality(),
                                                each.getOwner(),
                                                each.getEnvironment())));
        if (group.getCount() > group.getAssetsCount()) {
            lines.add("    and " + (group.getCount() - group.getAssetsCount()) + " more");
        }
        return lines;
    }

    /** Hosts and tags have a say in some of it. */
    private static List<String> printable(List<String> lines) {
        return lines.stream().map(Printable::of).toList();
    }

    private static void addCall(List<String> lines, PlannedCall call) {
        lines.add("  " + call.getOperation() + " " + new TreeMap<>(call.getParametersMap()));
        if (!call.getBefore().isEmpty() || !call.getAfter().isEmpty()) {
            lines.add("      " + call.getBefore() + " -> " + call.getAfter());
        }
        if (!call.getDryRun().isEmpty()) {
            lines.add("      dry run: " + call.getDryRun());
        }
    }
}
