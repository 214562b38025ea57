package dev.yagura.inventory.coverage;

import dev.yagura.common.ids.ResourceName;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.proto.type.v1.Scope;
import java.util.UUID;

/** What closes a gap of one asset, in words, with commands that exist. */
record Remedies(Asset asset) {
    private static final String STANDARD_PARTITION = "aws";
    private static final String INSTALL_AGENT = "install_agent";

    String enroll() {
        return "run an agent on the host: " + token() + ", then docs/how-to/run-an-agent.md";
    }

    String enrollAgain() {
        return token() + ", then on the host: yagura-agent enroll --again with that token";
    }

    String startAgent() {
        return "on the host: systemctl status yagura-agent; yagura-agent status --state"
                + " /var/lib/yagura; docs/how-to/run-an-agent.md says what its words mean";
    }

    String repairAgent(UUID agentId) {
        return "./yagura agents show %s; docs/how-to/run-an-agent.md says what each problem means"
                .formatted(ResourceName.of("agents", agentId));
    }

    String separate(UUID agentId) {
        return "on each copy: yagura-agent enroll with a new token, which makes a key of its own;"
                + " if no disk was copied the key was taken: ./yagura agents revoke "
                + ResourceName.of("agents", agentId)
                + " --reason ..., then "
                + enrollAgain();
    }

    String endDuplicate() {
        return "compare them with ./yagura agents show; ./yagura agents revoke NAME --reason ... the"
                + " one that the host does not run";
    }

    String manage() {
        return "give it an instance profile with the policy AmazonSSMManagedInstanceCore, and run"
                + " amazon-ssm-agent; ./yagura assets show "
                + ResourceName.of("assets", asset.id());
    }

    String reconnect() {
        return "on the host: systemctl restart amazon-ssm-agent; if Yagura isolated it, this ends"
                + " with the release: ./yagura actions list";
    }

    String readAgain() {
        return "find out why AWS is not read: ./yagura logs inventory";
    }

    String readSystemsManager() {
        return "allow the role of svc-inventory ssm:DescribeInstanceInformation, as"
                + " deploy/policies/inventory.json does; ./yagura logs inventory";
    }

    String replaceAgent() {
        return "install a newer yagura-agent on the host and restart it; docs/how-to/run-an-agent.md";
    }

    String record() {
        return "have a configuration recorder of this account and region record these types;"
                + " ./yagura assets reconcile --scope "
                + Scopes.text(asset.scope());
    }

    /**
     * @param watched whether GuardDuty does already
     */
    String watchTask(boolean watched) {
        String arn = asset.nativeId();
        String[] parts = arn.substring(arn.indexOf("/") + 1).split("/", 2);
        return (watched
                        ? ""
                        : "have GuardDuty watch it (Runtime Monitoring with automated agent"
                                + " configuration for Fargate), or ")
                + "run it on EC2 with an agent; to stop it: ./yagura actions plan contain_task"
                + " --cluster %s --task %s".formatted(parts[0], parts[parts.length - 1])
                + scope();
    }

    /**
     * @param watched whether GuardDuty does already
     */
    String watchFunction(boolean watched) {
        return (watched
                        ? ""
                        : "have GuardDuty watch it (Lambda Protection: its network activity); ")
                + "to stop it: ./yagura actions plan contain_function --function "
                + asset.nativeId()
                + scope();
    }

    String turnGuardDutyOn() {
        Scope scope = asset.scope();
        return "in account %s: aws guardduty create-detector --enable --region %s, or"
                        .formatted(scope.getAccountId(), scope.getRegion())
                + " update-detector --enable where there is one; where another product does what"
                + " GuardDuty would: yagura.inventory.coverage.require-guardduty=false";
    }

    String readGuardDuty() {
        return "allow the role of svc-inventory guardduty:ListDetectors and guardduty:GetDetector,"
                + " as deploy/policies/inventory.json does; ./yagura logs inventory";
    }

    RemedyAction installAgent() {
        return new RemedyAction(
                INSTALL_AGENT,
                "./yagura actions plan %s %s".formatted(INSTALL_AGENT, asset.nativeId()));
    }

    private String scope() {
        return " --account %s --region %s"
                .formatted(asset.scope().getAccountId(), asset.scope().getRegion());
    }

    private String token() {
        Scope scope = asset.scope();
        return "./yagura agents enrollment-token%s --account %s --region %s"
                .formatted(
                        scope.getPartition().equals(STANDARD_PARTITION)
                                ? ""
                                : " --partition " + scope.getPartition(),
                        scope.getAccountId(),
                        scope.getRegion());
    }
}
