package dev.yagura.response.action;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.proto.response.v1.ProcessTarget;
import dev.yagura.proto.response.v1.RunCommandTarget;
import dev.yagura.proto.type.v1.Scope;
import java.util.Base64;
import java.util.Optional;

/** What an action is on, beside its scope. */
final class TargetDetail {
    private TargetDetail() {}

    /** Id of the only instance that it is on; empty for several. */
    static String instanceId(ActionTarget target) {
        RunCommandTarget command = target.getRunCommand();
        return target.hasRunCommand() && command.getInstanceIdsCount() == 1
                ? command.getInstanceIds(0)
                : target.getInstanceId();
    }

    /** Where it is: IAM is one for all regions of a partition. */
    static Scope scope(ActionTarget target) {
        Scope scope = target.getScope();
        return identity(target).isEmpty()
                ? scope
                : scope.toBuilder().setRegion(scope.getPartition() + "-global").build();
    }

    /** What of IAM it is; empty for what is none of IAM. */
    private static Optional<String> identity(ActionTarget target) {
        if (!target.getAccessKeyId().isEmpty()) {
            return Optional.of("access key " + target.getAccessKeyId());
        }
        if (!target.getRoleName().isEmpty()) {
            return Optional.of("role " + target.getRoleName());
        }
        return target.getPrincipalArn().isEmpty()
                ? Optional.empty()
                : Optional.of("principal " + target.getPrincipalArn());
    }

    /**
     * The same of what an action holds: an instance has one profile, whichever it is to get, and
     * one volume at a device.
     */
    static String held(ActionTarget target) {
        if (target.hasVolume()) {
            return "volume " + target.getVolume().getDeviceName();
        }
        return target.hasInstanceProfile() ? "" : of(target);
    }

    /**
     * Equal for two targets on the same process, file, findings, access key, role or user, of what
     * is blocked at the same place, of the same command for the same instances, or with the same
     * profile; empty for the whole instance.
     */
    static String of(ActionTarget target) {
        ProcessTarget process = target.getProcess();
        FileTarget file = target.getFile();
        if (target.hasProcess()) {
            return "process " + process.getPid() + " " + process.getStartTimeNs();
        }
        if (target.hasRunCommand()) {
            // Without maps, equal messages have equal bytes.
            return "command "
                    + Base64.getEncoder().encodeToString(target.getRunCommand().toByteArray());
        }
        Optional<String> identity = identity(target);
        if (identity.isPresent()) {
            return identity.get();
        }
        if (target.hasInstanceProfile()) {
            return "instance profile " + target.getInstanceProfile().getName();
        }
        if (target.hasEradication()) {
            return "eradication "
                    + Base64.getEncoder().encodeToString(target.getEradication().toByteArray());
        }
        if (target.hasVolume()) {
            return "volume "
                    + target.getVolume().getDeviceName()
                    + " "
                    + target.getVolume().getSnapshotId();
        }
        if (target.hasBlock()) {
            return "block " + BlockRequests.subject(target.getBlock());
        }
        return target.hasFile() ? "file " + file.getSha256() + " " + file.getPath() : "";
    }
}
