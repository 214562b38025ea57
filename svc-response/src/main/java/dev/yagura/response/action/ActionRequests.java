package dev.yagura.response.action;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.proto.response.v1.ProcessTarget;
import dev.yagura.proto.response.v1.VolumeTarget;
import dev.yagura.proto.type.v1.Scope;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** What a request must look like. */
public final class ActionRequests {
    private static final int MAX_REASON_BYTES = 4096;
    private static final int MAX_PATH_BYTES = 4096;
    private static final Set<ActionKind> ON_PROCESS =
            EnumSet.of(
                    ActionKind.ACTION_KIND_KILL_PROCESS, ActionKind.ACTION_KIND_KILL_PROCESS_TREE);
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern INSTANCE = Pattern.compile("i-[0-9a-f]{8,17}");
    private static final Pattern PROFILE = Pattern.compile("[A-Za-z0-9_+=,.@-]{1,128}");
    private static final Pattern SNAPSHOT = Pattern.compile("snap-[0-9a-f]{8,17}");
    private static final Pattern RECOVERY_POINT =
            Pattern.compile("arn:aws[a-z-]*:ec2:[a-z0-9-]+::snapshot/snap-[0-9a-f]{8,17}");
    private static final Pattern VAULT = Pattern.compile("[A-Za-z0-9_-]{2,50}");
    private static final Pattern DEVICE = Pattern.compile("(/dev/)?[a-z0-9]{2,16}");
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final Pattern PARTITION = Pattern.compile("aws(-[a-z]+)*");
    private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z]+)+-[0-9]+");
    private static final Pattern REQUEST_ID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private ActionRequests() {}

    static ActionCatalog.Order order(CreateActionRequest request, Principal caller) {
        checkTarget(request.getKind(), request.getTarget());
        OutboundRequests.checkIncident(request.getKind(), request.getIncident());
        if (!request.getIncident().isEmpty()) {
            ResourceName.parse("incident", "incidents", request.getIncident());
        }
        String reason =
                request.getValidateOnly() && request.getReason().isBlank()
                        ? ""
                        : reason(request.getReason());
        return new ActionCatalog.Order(
                request.getKind(),
                request.getTarget(),
                reason,
                request.getIncident(),
                Guards.overridden(request.getOverrideGuardsList(), caller),
                "",
                request.getRequireApproval());
    }

    /**
     * The target must look like one of its kind.
     *
     * @throws InvalidFieldException it does not
     */
    public static void checkTarget(ActionKind kind, ActionTarget target) {
        checkScope(target.getScope());
        checkDetail(kind, target);
    }

    private static void checkScope(Scope scope) {
        require(
                PARTITION.matcher(scope.getPartition()).matches(),
                "target.scope.partition",
                "is no AWS partition",
                "send aws, aws-cn or aws-us-gov");
        require(
                ACCOUNT.matcher(scope.getAccountId()).matches(),
                "target.scope.account_id",
                "is no AWS account",
                "send twelve digits, as in the asset's scope");
        require(
                REGION.matcher(scope.getRegion()).matches(),
                "target.scope.region",
                "is no AWS region",
                "send one like ap-northeast-1; hosts outside AWS have no instance to isolate");
    }

    private static void checkDetail(ActionKind kind, ActionTarget target) {
        boolean onProcess = ON_PROCESS.contains(kind);
        boolean onFile = kind == ActionKind.ACTION_KIND_QUARANTINE_FILE;
        boolean onMany = kind == ActionKind.ACTION_KIND_RUN_COMMAND;
        boolean onNetwork = kind == ActionKind.ACTION_KIND_BLOCK_INDICATOR;
        boolean onInstance =
                !onMany
                        && !onNetwork
                        && !IdentityRequests.isOnIdentity(kind)
                        && !OutboundRequests.isOutbound(kind)
                        && !FunctionRequests.isOnFunction(kind)
                        && kind != ActionKind.ACTION_KIND_CONTAIN_TASK
                        && kind != ActionKind.ACTION_KIND_CONTAIN_POD;
        boolean onFindings = kind == ActionKind.ACTION_KIND_ERADICATE;
        require(
                onInstance
                        ? INSTANCE.matcher(target.getInstanceId()).matches()
                        : target.getInstanceId().isEmpty(),
                "target.instance_id",
                onInstance ? "is no EC2 instance id" : "is set",
                onInstance
                        ? "send one like i-0123456789abcdef0"
                        : onMany ? "send target.run_command.instance_ids" : "leave it out");
        require(
                onMany == target.hasRunCommand(),
                "target.run_command",
                onMany ? "is not set" : "is set",
                "send it for ACTION_KIND_RUN_COMMAND only");
        require(
                onProcess == target.hasProcess(),
                "target.process",
                onProcess ? "is not set" : "is set",
                "send it for " + ON_PROCESS + " only");
        require(
                onFile == target.hasFile(),
                "target.file",
                onFile ? "is not set" : "is set",
                "send it for ACTION_KIND_QUARANTINE_FILE only");
        IdentityRequests.check(kind, target);
        OutboundRequests.check(kind, target);
        FunctionRequests.check(kind, target);
        TaskRequests.check(kind, target);
        PodRequests.check(kind, target);
        require(
                onNetwork == target.hasBlock(),
                "target.block",
                onNetwork ? "is not set" : "is set",
                "send it for ACTION_KIND_BLOCK_INDICATOR only");
        boolean onProfile = kind == ActionKind.ACTION_KIND_REPLACE_INSTANCE_PROFILE;
        require(
                onProfile == target.hasInstanceProfile(),
                "target.instance_profile",
                onProfile ? "is not set" : "is set",
                "send it for ACTION_KIND_REPLACE_INSTANCE_PROFILE only");
        require(
                !onProfile || PROFILE.matcher(target.getInstanceProfile().getName()).matches(),
                "target.instance_profile.name",
                "is no name of an instance profile",
                "send it without its path, like web-instance");
        boolean onVolume = kind == ActionKind.ACTION_KIND_RESTORE_VOLUME;
        require(
                onVolume == target.hasVolume(),
                "target.volume",
                onVolume ? "is not set" : "is set",
                "send it for ACTION_KIND_RESTORE_VOLUME only");
        require(
                !onVolume || DEVICE.matcher(target.getVolume().getDeviceName()).matches(),
                "target.volume.device_name",
                "is no device",
                "send one like /dev/xvda, as the instance has it");
        require(
                onFindings == target.hasEradication(),
                "target.eradication",
                onFindings ? "is not set" : "is set",
                "send it for ACTION_KIND_ERADICATE only");
        if (onProcess) {
            checkProcess(target.getProcess(), "target.process");
        }
        if (onFile) {
            checkFile(target.getFile(), "target.file");
        }
        if (onFindings) {
            EradicationRequests.check(target.getEradication());
        }
        if (onNetwork) {
            BlockRequests.check(target.getBlock());
        }
        if (onVolume) {
            checkSource(target.getVolume(), target.getScope());
        }
        if (onMany) {
            RunCommandRequests.check(target.getRunCommand(), INSTANCE);
        }
    }

    private static void checkSource(VolumeTarget volume, Scope scope) {
        boolean ofPoint = !volume.getRecoveryPointArn().isEmpty();
        require(
                ofPoint
                        ? volume.getSnapshotId().isEmpty()
                        : SNAPSHOT.matcher(volume.getSnapshotId()).matches(),
                "target.volume.snapshot_id",
                ofPoint ? "is set beside recovery_point_arn" : "is no EBS snapshot id",
                ofPoint ? "send one of them" : "send one like snap-0123456789abcdef0");
        require(
                !ofPoint || RECOVERY_POINT.matcher(volume.getRecoveryPointArn()).matches(),
                "target.volume.recovery_point_arn",
                "is no recovery point that EC2 has as a snapshot",
                "send one like arn:aws:ec2:ap-northeast-1::snapshot/snap-0123456789abcdef0; copy"
                        + " others, as of a logically air-gapped vault, to a vault of the account");
        require(
                !ofPoint
                        || volume.getRecoveryPointArn()
                                .startsWith(
                                        "arn:%s:ec2:%s:"
                                                .formatted(
                                                        scope.getPartition(), scope.getRegion())),
                "target.volume.recovery_point_arn",
                "is in another region than the instance",
                "copy it to a vault of " + scope.getRegion() + ", and send the copy");
        require(
                ofPoint
                        ? VAULT.matcher(volume.getBackupVaultName()).matches()
                        : volume.getBackupVaultName().isEmpty(),
                "target.volume.backup_vault_name",
                ofPoint ? "is no name of a backup vault" : "is set",
                "send the vault's name with recovery_point_arn only");
    }

    static void checkProcess(ProcessTarget process, String field) {
        require(
                Integer.toUnsignedLong(process.getPid()) > 1,
                field + ".pid",
                "is no process that may be killed",
                "send the pid of a process of telemetry");
        require(
                process.getStartTimeNs() > 0,
                field + ".start_time_ns",
                "is not set",
                "send start_time_ns of the process: a pid alone may be another process by now");
    }

    static void checkPath(String path, String field) {
        require(
                path.startsWith("/") && !path.endsWith("/") && path.indexOf('\0') < 0,
                field,
                "is no absolute path of a file",
                "send one like /tmp/.x/miner");
        require(
                path.getBytes(StandardCharsets.UTF_8).length < MAX_PATH_BYTES,
                field,
                "is longer than Linux has paths",
                "send it as telemetry has it");
    }

    static void checkFile(FileTarget file, String field) {
        checkPath(file.getPath(), field + ".path");
        require(
                SHA256.matcher(file.getSha256()).matches(),
                field + ".sha256",
                "is no SHA-256 in lower-case hex",
                "send that of the file's content: another content at the path is left alone");
    }

    /**
     * Why something is asked for.
     *
     * @throws InvalidFieldException it is empty or too long
     */
    public static String reason(String reason) {
        require(!reason.isBlank(), "reason", "is empty", "say why, for whoever reads it later");
        require(
                reason.getBytes(StandardCharsets.UTF_8).length <= MAX_REASON_BYTES,
                "reason",
                "is longer than 4 KiB",
                "shorten it");
        return reason;
    }

    /**
     * The caller's name for its request.
     *
     * @throws InvalidFieldException it is no UUID
     */
    public static UUID requestId(String text) {
        require(
                REQUEST_ID.matcher(text).matches(),
                "request_id",
                "is no UUID",
                "send a new UUID, and the same one when you try again");
        return UUID.fromString(text);
    }

    private static void require(boolean holds, String field, String problem, String remedy) {
        if (!holds) {
            throw new InvalidFieldException(field, problem, remedy);
        }
    }
}
