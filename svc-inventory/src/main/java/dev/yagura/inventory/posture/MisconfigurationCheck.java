package dev.yagura.inventory.posture;

import dev.yagura.inventory.account.IamUser;
import dev.yagura.inventory.asset.RecordedAsset;
import dev.yagura.proto.inventory.v1.MisconfigurationSeverity;
import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One way of setting something up badly. All of them are the customer's side of shared
 * responsibility: AWS's own side is never looked at here.
 *
 * @param id as filters name it
 * @param resourceType that it is looked for in
 */
record MisconfigurationCheck(
        String id, String resourceType, MisconfigurationSeverity severity, Judge judge) {

    /** What a check looks at, and what it says of each. */
    sealed interface Judge {}

    /**
     * Assets of the type.
     *
     * @param of what is known of the account is at hand too
     */
    record OfAsset(BiFunction<RecordedAsset, AccountView, CheckResult> of) implements Judge {
        static OfAsset alone(Function<RecordedAsset, CheckResult> of) {
            return new OfAsset((asset, account) -> of.apply(asset));
        }
    }

    /** Accounts as a whole. */
    record OfAccount(Function<AccountView, CheckResult> of) implements Judge {}

    /**
     * Users of the newest credential reports.
     *
     * @param of with the time at which it is asked
     */
    record OfUser(BiFunction<IamUser, Instant, Optional<Bad>> of) implements Judge {}

    /** What is bad, and what mends it. */
    record Bad(String detail, String remedy) {}

    /**
     * What was looked at.
     *
     * @param isAsset whether the id is an asset's
     * @param scope without a region where it is of all
     */
    record Subject(
            UUID id,
            boolean isAsset,
            Scope scope,
            String resourceType,
            String nativeId,
            String resourceName) {}

    /** Something that is badly set up, or of which that is not known. */
    record Found(
            MisconfigurationCheck check, Subject subject, Bad bad, @Nullable Instant observed) {}
}
