package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.AccessKeyState;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.AwsChange;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.CallHistory;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.IamException;

/**
 * A key that an action makes inactive, and gives the status from before. IAM may show an older
 * status for a while; setting one that is there already changes nothing, so whatever is not seen is
 * set again.
 */
final class DisabledKey {
    private final IamClient iam;
    private final IdentityReader reader;
    private final ActionRun run;
    private final AccessKeyState before;

    /**
     * What IAM shows of it.
     *
     * @param name of the key with its user, for people
     * @param key empty when it was deleted
     */
    record Shown(String name, Optional<IdentityReader.LiveKey> key) {
        boolean isActive() {
            return key.filter(IdentityReader.LiveKey::isActive).isPresent();
        }

        boolean isGone() {
            return key.isEmpty();
        }

        @Override
        public String toString() {
            return "%s is %s"
                    .formatted(name, key.map(IdentityReader.LiveKey::status).orElse("deleted"));
        }
    }

    /** Whether IAM shows what it should, and what that is. */
    record Reading(boolean passed, String detail) {}

    /**
     * @param before with the id of the key
     */
    DisabledKey(IamClient iam, ActionRun run, AccessKeyState before) {
        this.iam = iam;
        this.reader = new IdentityReader(iam);
        this.run = run;
        this.before = before;
    }

    Shown shown() {
        return new Shown(name(), reader.key(before.getUserName(), id()));
    }

    /** Sets it where it is not inactive; a key that was deleted is none that can be used. */
    void disable() {
        if (shown().isActive()) {
            setInactive();
        }
    }

    void setInactive() {
        try {
            disabling().make(run, iam);
        } catch (IamException e) {
            if (!AwsErrors.isNoSuchEntity(e)) {
                throw e;
            }
        }
    }

    /** As it must be while the action is in force. */
    Reading readBack() {
        Shown shown = shown();
        return shown.isActive()
                ? new Reading(false, name() + " is shown as Active")
                : new Reading(true, shown.toString());
    }

    /** Gives it back what it had; reports what others made of it. */
    Reading restore() {
        Shown seen = shown();
        if (seen.isGone()) {
            drift(id() + " was deleted meanwhile: nothing of it is left to restore");
            return new Reading(true, id() + " does not exist any more");
        }
        if (!before.getStatus().equals(IdentityReader.LiveKey.ACTIVE)) {
            if (seen.isActive()) {
                drift(
                        "%s was set Active meanwhile; left so (before: %s)"
                                .formatted(id(), before.getStatus()));
            }
            return new Reading(true, seen.toString());
        }
        if (!enable(seen)) {
            return new Reading(true, seen.toString());
        }
        Shown now = shown();
        return now.isActive()
                ? new Reading(true, now.toString())
                : new Reading(false, name() + " is not shown as Active");
    }

    /**
     * Not only where it is shown as inactive: the change may not be shown yet.
     *
     * @return false for a key that somebody else has disabled, which is left so
     */
    private boolean enable(Shown seen) {
        CallHistory history = new CallHistory(run.action());
        AwsChange<IamClient> enabling = status(IdentityReader.LiveKey.ACTIVE);
        boolean disabled = history.perhapsMade(disabling().call());
        boolean enabled = history.perhapsMade(enabling.call());
        if (seen.isActive() && wasSeenDisabled() && !enabled) {
            drift(id() + " was set Active meanwhile");
        }
        if (!seen.isActive() && !disabled) {
            drift(id() + " was set Inactive by somebody else; left so");
            return false;
        }
        if (!seen.isActive() || (disabled && !history.made(enabling.call()))) {
            enabling.make(run, iam);
        }
        return true;
    }

    /** By what was read back of it, not of others. */
    private boolean wasSeenDisabled() {
        String disabled = name() + " is " + IdentityReader.LiveKey.INACTIVE;
        return run.action().getVerificationsList().stream()
                .anyMatch(each -> each.getPassed() && each.getDetail().contains(disabled));
    }

    private String id() {
        return before.getAccessKeyId();
    }

    /** "AKIA… of deploy". */
    private String name() {
        return id() + " of " + before.getUserName();
    }

    private AwsChange<IamClient> disabling() {
        return status(IdentityReader.LiveKey.INACTIVE);
    }

    private AwsChange<IamClient> status(String status) {
        return AccessKeyPlan.status(before.getUserName(), id(), status);
    }

    private void drift(String finding) {
        run.drift(List.of(finding));
    }
}
