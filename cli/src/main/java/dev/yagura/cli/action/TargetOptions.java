package dev.yagura.cli.action;

import dev.yagura.cli.connection.UsageException;
import dev.yagura.cli.output.Texts;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.proto.response.v1.FindingsTarget;
import dev.yagura.proto.response.v1.InstanceProfileTarget;
import dev.yagura.proto.response.v1.ProcessTarget;
import dev.yagura.proto.response.v1.VolumeTarget;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Channel;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What to act on: an instance, a process or a file of it, or several for a command. */
final class TargetOptions {
    private static final long NANOS = 1_000_000_000;

    @Parameters(
            index = "0",
            paramLabel = "KIND",
            description =
                    "isolate_instance, isolate_host, contain_role_session, kill_process,"
                            + " kill_process_tree, quarantine_file, snapshot_instance,"
                            + " stop_instance, terminate_instance, replace_instance_profile,"
                            + " restore_volume,"
                            + " collect_triage, capture_memory, eradicate, disable_access_key, revoke_role_sessions,"
                            + " deny_principal, block_indicator, contain_function, contain_task,"
                            + " contain_pod,"
                            + " install_agent,"
                            + " invoke_lambda, open_ticket, import_findings, publish,"
                            + " start_state_machine or run_command")
    private String kind = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "INSTANCE",
            description =
                    "EC2 instance id; up to 50 for run_command, none for run_command with"
                            + " --tag, --access-key (but for eradicate), --role, --principal, --function, --task, --pod,"
                            + " --endpoint, --message and --state-machine, to block something, and for"
                            + " import_findings.")
    private List<String> instances = List.of();

    @ArgGroup(exclusive = false, heading = "Process, for kill_process and kill_process_tree:%n")
    private @Nullable ProcessOptions process;

    @ArgGroup(exclusive = false, heading = "File, for quarantine_file:%n")
    private @Nullable FileOptions file;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "Instance profile that the instance gets, for replace_instance_profile.")
    private @Nullable String profile;

    @ArgGroup(exclusive = false, heading = "Volume, for restore_volume:%n")
    private @Nullable VolumeOptions volume;

    @ArgGroup(exclusive = false, heading = "Findings, for eradicate:%n")
    private @Nullable FindingOptions findings;

    @ArgGroup(exclusive = false, heading = "Command, for run_command:%n")
    private @Nullable CommandOptions command;

    @ArgGroup(exclusive = false, heading = "IAM, for disable_access_key and eradicate:%n")
    private @Nullable AccessKeyOptions keys;

    @ArgGroup(exclusive = true, heading = "IAM, for revoke_role_sessions and deny_principal:%n")
    private @Nullable IdentityOptions identity;

    @ArgGroup(
            exclusive = false,
            heading = "Lambda function, for contain_function and invoke_lambda:%n")
    private @Nullable FunctionOptions function;

    @ArgGroup(exclusive = false, heading = "ECS task, for contain_task:%n")
    private @Nullable TaskOptions task;

    @Option(
            names = "--deny-shared-role",
            description =
                    "For contain_function and contain_task: deny the role also when something else"
                            + " has it.")
    private boolean denySharedRole;

    @ArgGroup(exclusive = false, heading = "Pod of EKS, for contain_pod:%n")
    private @Nullable PodOptions pod;

    @ArgGroup(exclusive = false, heading = "Ticket, for open_ticket:%n")
    private @Nullable TicketOptions ticket;

    @ArgGroup(exclusive = false, heading = "Message, for publish:%n")
    private @Nullable PublishOptions publish;

    @ArgGroup(exclusive = false, heading = "State machine, for start_state_machine:%n")
    private @Nullable StateMachineOptions machine;

    @ArgGroup(
            exclusive = false,
            heading = "What is blocked, for block_indicator, with --account and --region:%n")
    private @Nullable BlockOptions block;

    @Option(
            names = "--require-approval",
            description = "A person approves it before it starts, whatever its kind needs.")
    private boolean requireApproval;

    @Mixin private ScopeOptions scope = new ScopeOptions();

    @Mixin private GuardOptions guards = new GuardOptions();

    /** A process of the instance. */
    static final class ProcessOptions {
        @Option(names = "--pid", required = true, description = "Process id.")
        private int pid;

        @Option(
                names = "--start-time",
                required = true,
                description =
                        "When it started, as telemetry has it: nanoseconds since 1970, or"
                                + " 2026-03-01T02:14:07.120Z.")
        private String startTime = "";
    }

    /** A volume of the instance. */
    static final class VolumeOptions {
        @Option(
                names = "--device",
                required = true,
                description = "Where the instance has it: /dev/xvda.")
        private String device = "";

        @ArgGroup(multiplicity = "1")
        private VolumeSource source = new VolumeSource();
    }

    /** What a volume is put back from. */
    static final class VolumeSource {
        @Option(names = "--snapshot", description = "Snapshot: snap-…")
        private @Nullable String snapshot;

        @ArgGroup(exclusive = false)
        private @Nullable RecoveryPointOptions recoveryPoint;
    }

    /** A recovery point of AWS Backup. */
    static final class RecoveryPointOptions {
        @Option(
                names = "--recovery-point",
                required = true,
                description = "ARN of a recovery point: arn:aws:ec2:REGION::snapshot/snap-…")
        private String arn = "";

        @Option(
                names = "--vault",
                required = true,
                description = "Backup vault that has the recovery point.")
        private String vault = "";
    }

    /** A file of the instance. */
    static final class FileOptions {
        @Option(names = "--file", required = true, description = "Absolute path.")
        private String path = "";

        @Option(
                names = "--sha256",
                required = true,
                description = "Of its content; another content is left alone.")
        private String sha256 = "";
    }

    CreateActionRequest.Builder request(Channel channel) {
        ActionKind actionKind = Texts.parse(ActionKind.class, "ACTION_KIND_", kind);
        ActionTarget.Builder target = target(actionKind, channel);
        if (process != null) {
            target.setProcess(
                    ProcessTarget.newBuilder()
                            .setPid(process.pid)
                            .setStartTimeNs(nanos(process.startTime)));
        }
        if (file != null) {
            target.setFile(FileTarget.newBuilder().setPath(file.path).setSha256(file.sha256));
        }
        if (profile != null) {
            target.setInstanceProfile(InstanceProfileTarget.newBuilder().setName(profile));
        }
        if (volume != null) {
            target.setVolume(volumeTarget(volume));
        }
        if (findings != null) {
            target.setEradication(findings.target());
        }
        if (keys != null && AccessKeyOptions.areBesideAnInstance(actionKind)) {
            target.getEradicationBuilder().addAllAccessKeyIds(keys.ids());
        }
        return CreateActionRequest.newBuilder()
                .setKind(actionKind)
                .setTarget(target)
                .addAllOverrideGuards(guards.overridden())
                .setRequireApproval(requireApproval);
    }

    private static VolumeTarget.Builder volumeTarget(VolumeOptions volume) {
        VolumeTarget.Builder target = VolumeTarget.newBuilder().setDeviceName(volume.device);
        RecoveryPointOptions point = volume.source.recoveryPoint;
        if (point != null) {
            target.setRecoveryPointArn(point.arn).setBackupVaultName(point.vault);
        }
        if (volume.source.snapshot != null) {
            target.setSnapshotId(volume.source.snapshot);
        }
        return target;
    }

    private ActionTarget.Builder target(ActionKind actionKind, Channel channel) {
        Optional<ActionTarget.Builder> elsewhere = withoutInstance(actionKind);
        if (elsewhere.isPresent()) {
            if (!instances.isEmpty()) {
                throw new UsageException(
                        "INSTANCE: give none with --access-key, --role, --principal, --function,"
                                + " --task, --pod, --network-acl, --security-group-rule, --vpc,"
                                + " --endpoint, --message or --state-machine, or for import_findings");
            }
            return elsewhere.get();
        }
        return command == null ? ofOne(channel) : ofMany(channel, command);
    }

    /** Of kinds that act on no instance. */
    private Optional<ActionTarget.Builder> withoutInstance(ActionKind actionKind) {
        if (function != null) {
            return Optional.of(function.target(actionKind, scope, denySharedRole));
        }
        if (block != null) {
            return Optional.of(block.target(scope));
        }
        if (task != null) {
            return Optional.of(task.target(scope, denySharedRole));
        }
        if (pod != null) {
            return Optional.of(pod.target(scope));
        }
        if (keys != null && !AccessKeyOptions.areBesideAnInstance(actionKind)) {
            if (identity != null) {
                throw new UsageException("--access-key: give it without --role and --principal");
            }
            return Optional.of(keys.target(scope));
        }
        if (identity != null) {
            return Optional.of(identity.target(scope));
        }
        if (actionKind == ActionKind.ACTION_KIND_IMPORT_FINDINGS) {
            return Optional.of(
                    ActionTarget.newBuilder()
                            .setScope(scope.regional("import_findings"))
                            .setFindings(FindingsTarget.getDefaultInstance()));
        }
        if (ticket != null) {
            return Optional.of(ticket.target(scope));
        }
        if (publish != null) {
            return Optional.of(publish.target(scope));
        }
        return machine == null ? Optional.empty() : Optional.of(machine.target(scope));
    }

    private ActionTarget.Builder ofOne(Channel channel) {
        if (instances.size() != 1) {
            throw new UsageException("INSTANCE: give one; several are for run_command --document");
        }
        return ActionTarget.newBuilder()
                .setInstanceId(instances.getFirst())
                .setScope(asset(channel, instances.getFirst()).getScope());
    }

    private ActionTarget.Builder ofMany(Channel channel, CommandOptions options) {
        if (options.byTags() != instances.isEmpty()) {
            throw new UsageException("INSTANCE: give ids, or --tag and none");
        }
        List<Scope> scopes =
                options.byTags()
                        ? List.of(scope.regional("--tag"))
                        : instances.stream()
                                .map(id -> asset(channel, id).getScope())
                                .distinct()
                                .toList();
        if (scopes.size() > 1) {
            throw new UsageException(
                    "INSTANCE: these are in several accounts or regions; give a command for each");
        }
        return ActionTarget.newBuilder()
                .setScope(scopes.getFirst())
                .setRunCommand(options.target(instances));
    }

    /** Nanoseconds since 1970. */
    static long nanos(String text) {
        try {
            if (text.chars().allMatch(Character::isDigit)) {
                return Long.parseLong(text);
            }
            Instant instant = Instant.parse(text);
            return Math.addExact(
                    Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
        } catch (NumberFormatException | DateTimeParseException | ArithmeticException e) {
            throw new UsageException(
                    "--start-time: "
                            + text
                            + " is no time; give nanoseconds since 1970, or one like"
                            + " 2026-03-01T02:14:07.120Z");
        }
    }

    /** The inventory knows the account and region of an instance. */
    private static Asset asset(Channel channel, String instance) {
        List<Asset> found =
                AssetServiceGrpc.newBlockingStub(channel)
                        .listAssets(
                                ListAssetsRequest.newBuilder()
                                        .setFilter(AssetFilter.newBuilder().setInstanceId(instance))
                                        .build())
                        .getAssetsList();
        if (found.size() != 1) {
            throw new UsageException(
                    "INSTANCE: "
                            + found.size()
                            + " active assets have the id "
                            + instance
                            + "; see `yagura assets list --type AWS::EC2::Instance`");
        }
        return found.getFirst();
    }
}
