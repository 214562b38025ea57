package dev.yagura.response.identity;

import dev.yagura.common.aws.Together;
import dev.yagura.proto.response.v1.AccessKeyState;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.iam.IamClient;

/** All keys that one action makes inactive: set, read back, watched and restored. */
final class DisabledKeys {
    private final ActionRun run;
    private final List<DisabledKey> keys;

    /**
     * @param states from before, with the ids of the keys
     */
    DisabledKeys(IamClient iam, ActionRun run, List<AccessKeyState> states) {
        this.run = run;
        this.keys = states.stream().map(state -> new DisabledKey(iam, run, state)).toList();
    }

    /** One that cannot be set does not keep the others from it. Throws what the SDK throws. */
    void disable() {
        @Nullable SdkException first = null;
        for (DisabledKey key : keys) {
            try {
                key.disable();
            } catch (SdkException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /**
     * Says of each what IAM shows: inactive, or deleted meanwhile, which nobody can use either.
     *
     * @throws RetryLaterException one is still shown as active
     */
    void readBack() {
        requireSeen(
                read(DisabledKey::readBack).stream()
                        .filter(reading -> isNews(reading) || !reading.passed())
                        .toList());
    }

    /** An attempt before this one may have said it of some of them. */
    private boolean isNews(DisabledKey.Reading reading) {
        return run.action().getVerificationsList().stream()
                .noneMatch(each ->
                        each.getPassed() == reading.passed()
                                && each.getDetail().equals(reading.detail()));
    }

    private void requireSeen(List<DisabledKey.Reading> readings) {
        readings.forEach(each ->
                run.verified(
                        VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ,
                        each.passed(),
                        each.detail()));
        String unseen =
                readings.stream()
                        .filter(each -> !each.passed())
                        .map(DisabledKey.Reading::detail)
                        .collect(Collectors.joining("; "));
        if (!unseen.isEmpty()) {
            throw new RetryLaterException(unseen + ": IAM needs a while, or somebody set it so");
        }
    }

    /** What others enabled is disabled again. */
    void watch() {
        List<DisabledKey.Shown> all = new ArrayList<>();
        String left = "";
        for (DisabledKey key : keys) {
            DisabledKey.Shown shown = key.shown();
            if (shown.isActive() && run.isDoneOften()) {
                left = ActionRun.LEFT;
            } else if (shown.isActive()) {
                run.drift(List.of(shown + " while disabled; disabled again"));
                watched(false, shown.toString());
                key.setInactive();
                shown = key.shown();
            }
            all.add(shown);
        }
        watched(all.stream().noneMatch(DisabledKey.Shown::isActive), text(all) + left);
    }

    /**
     * Gives each the status from before.
     *
     * @throws RetryLaterException one is not shown with it
     */
    void undo() {
        requireSeen(keys.stream().map(DisabledKey::restore).toList());
    }

    /** "AKIA… of deploy is Inactive; AKIA… of rei is Active", as IAM shows them now. */
    String text() {
        return text(read(DisabledKey::shown));
    }

    private <T> List<T> read(Function<DisabledKey, T> reading) {
        return Together.all(
                keys.stream().<Supplier<T>>map(key -> () -> reading.apply(key)).toList());
    }

    private static String text(List<DisabledKey.Shown> all) {
        return all.stream().map(DisabledKey.Shown::toString).collect(Collectors.joining("; "));
    }

    private void watched(boolean passed, String detail) {
        run.watched(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, passed, detail);
    }
}
