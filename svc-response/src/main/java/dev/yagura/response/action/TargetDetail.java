package dev.yagura.response.action;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.proto.response.v1.PodTarget;
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
     * one volume at a device; a function or task is contained with its role or without, a pod with
     * its node or without.
     */
    static String held(ActionTarget target) {
        if (target.hasVolume()) {
            return "volume " + target.getVolume().getDeviceName();
        }
        if (target.hasFunction()) {
            return function(target);
        }
        if (target.hasTask()) {
            return task(target);
        }
        if (target.hasPod()) {
            return pod(target);
        }
        return target.hasInstanceProfile() ? "" : of(target);
    }

    private static String task(ActionTarget target) {
        return "task "
                + TaskRequests.last(target.getTask().getCluster())
                + " "
                + TaskRequests.last(target.getTask().getTask());
    }

    private static String pod(ActionTarget target) {
        PodTarget pod = target.getPod();
        return "pod %s %s %s %s"
                .formatted(pod.getCluster(), pod.getNamespace(), pod.getName(), pod.getUid());
    }

    private static String function(ActionTarget target) {
        return "function " + FunctionName.of(target.getFunction().getName());
    }

    /**
     * Equal for two targets on the same process, file, findings, access key, role or user, of what
     * is blocked at the same place, of the same command for the same instances, or with the same
     * profile, on the same function, task or pod, or with the same event for it, or of the same
     * ticket, message or input; empty for the whole instance, and for an incident.
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
        if (target.hasFunction()) {
            return function(target)
                    + (target.getFunction().getDenySharedRole() ? " with a shared role" : "");
        }
        if (target.hasTask()) {
            return task(target)
                    + (target.getTask().getDenySharedRole() ? " with a shared role" : "")
                    + (target.getTask().getStopService() ? " with its service" : "");
        }
        if (target.hasPod()) {
            return pod(target) + (target.getPod().getCordonNode() ? " with its node" : "");
        }
        if (target.hasInvocation()) {
            return "invocation of "
                    + FunctionName.of(target.getInvocation().getName())
                    + " "
                    + target.getInvocation().getPayload();
        }
        Optional<String> identity = identity(target);
        if (identity.isPresent()) {
            return identity.get();
        }
        if (target.hasInstanceProfile()) {
            return "instance profile " + target.getInstanceProfile().getName();
        }
        if (target.hasOpenTicket()) {
            return "ticket "
                    + Base64.getEncoder().encodeToString(target.getOpenTicket().toByteArray());
        }
        if (target.hasPublish()) {
            return "publish "
                    + Base64.getEncoder().encodeToString(target.getPublish().toByteArray());
        }
        if (target.hasStateMachine()) {
            return "state machine "
                    + Base64.getEncoder().encodeToString(target.getStateMachine().toByteArray());
        }
        if (target.hasEradication()) {
            return "eradication "
                    + Base64.getEncoder().encodeToString(target.getEradication().toByteArray());
        }
        if (target.hasVolume()) {
            return "volume "
                    + target.getVolume().getDeviceName()
                    + " "
                    + target.getVolume().getSnapshotId()
                    + target.getVolume().getRecoveryPointArn();
        }
        if (target.hasBlock()) {
            return "block " + BlockRequests.subject(target.getBlock());
        }
        return target.hasFile() ? "file " + file.getSha256() + " " + file.getPath() : "";
    }
}
