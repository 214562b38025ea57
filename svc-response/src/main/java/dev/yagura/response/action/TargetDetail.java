package dev.yagura.response.action;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.proto.response.v1.ProcessTarget;
import dev.yagura.proto.response.v1.RunCommandTarget;
import java.util.Base64;

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

    /** The same of what an action holds: an instance has one profile, whichever it is to get. */
    static String held(ActionTarget target) {
        return target.hasInstanceProfile() ? "" : of(target);
    }

    /**
     * Equal for two targets on the same process, file or findings, or of the same command for the
     * same instances, or with the same profile; empty for the whole instance.
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
        if (target.hasInstanceProfile()) {
            return "instance profile " + target.getInstanceProfile().getName();
        }
        if (target.hasEradication()) {
            return "eradication "
                    + Base64.getEncoder().encodeToString(target.getEradication().toByteArray());
        }
        return target.hasFile() ? "file " + file.getSha256() + " " + file.getPath() : "";
    }
}
