package dev.yagura.inventory.organization;

import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.proto.type.v1.Scope;
import java.util.List;
import java.util.Optional;

/**
 * Section "organization".
 *
 * @param lister account whose role may list the accounts, in the first of the regions; empty when
 *     none are discovered
 * @param regions read in every account that is listed; at least one where there is a lister
 */
public record OrganizationConfig(Optional<Scope> lister, List<String> regions) {
    private static final String KEY = "yagura.inventory.organization.";

    public OrganizationConfig {
        regions = List.copyOf(regions);
    }

    public static OrganizationConfig from(Settings settings) {
        Settings organization = settings.section("organization");
        Optional<String> account =
                organization.optionalText(
                        "account",
                        "Account whose role may list the accounts of its organization, as"
                                + " partition:account; each active one is read. Empty: only"
                                + " yagura.inventory.scopes are read.");
        List<String> regions =
                organization.texts(
                        "regions",
                        List.of(),
                        "Regions that are read in each listed account. IAM roles and instance"
                                + " profiles are read in the first.");
        if (account.isEmpty()) {
            if (!regions.isEmpty()) {
                throw new InvalidSettingException(
                        KEY + "account", "name the account that lists those of these regions");
            }
            return new OrganizationConfig(Optional.empty(), regions);
        }
        // Else everything would be read with the same credentials, and be the same for each.
        if (AwsConfig.from(settings).role().isEmpty()) {
            throw new InvalidSettingException(
                    "yagura.inventory.aws.role", "name the role to assume in each listed account");
        }
        if (regions.isEmpty()) {
            throw new InvalidSettingException(
                    KEY + "regions", "name at least one region, since an account lists others");
        }
        regions.forEach(region -> scope("regions", account.get(), region));
        return new OrganizationConfig(
                Optional.of(scope("account", account.get(), regions.getFirst())),
                regions.stream().distinct().toList());
    }

    private static Scope scope(String key, String account, String region) {
        try {
            return Scopes.parse(account + ":" + region);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(
                    KEY + key,
                    "an account such as aws:111122223333 and regions such as eu-west-1 are"
                            + " expected, got '%s' and '%s'".formatted(account, region));
        }
    }
}
