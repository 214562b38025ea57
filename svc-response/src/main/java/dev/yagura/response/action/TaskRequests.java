package dev.yagura.response.action;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.type.v1.Scope;
import java.util.regex.Pattern;

/** What the target of contain_task must look like. */
final class TaskRequests {
    private static final Pattern CLUSTER = Pattern.compile("[a-zA-Z0-9_-]{1,255}");
    private static final Pattern TASK =
            Pattern.compile("[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private TaskRequests() {}

    static void check(ActionKind kind, ActionTarget target) {
        boolean wanted = kind == ActionKind.ACTION_KIND_CONTAIN_TASK;
        require(
                wanted == target.hasTask(),
                "task",
                wanted ? "is not set" : "is set",
                "send it for ACTION_KIND_CONTAIN_TASK only");
        if (!wanted) {
            return;
        }
        String cluster = target.getTask().getCluster();
        require(
                isIn(target.getScope(), "cluster/", cluster, CLUSTER),
                "task.cluster",
                "is no name of a cluster, nor the ARN of one in the scope",
                "send one like shop");
        require(
                isIn(target.getScope(), "task/", target.getTask().getTask(), TASK),
                "task.task",
                "is no id of a task, nor the ARN of one in the scope",
                "send the last part of its ARN");
    }

    /** "shop" of "arn:aws:ecs:ap-northeast-1:111122223333:cluster/shop". */
    static String last(String text) {
        return text.substring(text.lastIndexOf('/') + 1);
    }

    private static boolean isIn(Scope scope, String type, String text, Pattern form) {
        String prefix =
                "arn:%s:ecs:%s:%s:%s"
                        .formatted(
                                scope.getPartition(),
                                scope.getRegion(),
                                scope.getAccountId(),
                                type);
        return form.matcher(text.startsWith(prefix) ? last(text) : text).matches();
    }

    private static void require(boolean holds, String field, String problem, String remedy) {
        if (!holds) {
            throw new InvalidFieldException("target." + field, problem, remedy);
        }
    }
}
