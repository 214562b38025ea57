package dev.yagura.response.action;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.proto.response.v1.ProcessTarget;

/** What of an instance an action is on. */
final class TargetDetail {
    private TargetDetail() {}

    /** Equal for two targets on the same process or file; empty for the whole instance. */
    static String of(ActionTarget target) {
        ProcessTarget process = target.getProcess();
        FileTarget file = target.getFile();
        if (target.hasProcess()) {
            return "process " + process.getPid() + " " + process.getStartTimeNs();
        }
        return target.hasFile() ? "file " + file.getSha256() + " " + file.getPath() : "";
    }
}
