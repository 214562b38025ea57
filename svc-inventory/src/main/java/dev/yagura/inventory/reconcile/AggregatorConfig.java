package dev.yagura.inventory.reconcile;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.proto.type.v1.Scope;
import java.util.Optional;

/**
 * Section "aggregator".
 *
 * @param aggregator that full readings of AWS Config ask; empty when each account is asked itself
 */
record AggregatorConfig(Optional<Aggregator> aggregator) {
    private static final String KEY = "yagura.inventory.aggregator.";

    /** An aggregator of AWS Config, and the account and region that have it. */
    record Aggregator(Scope scope, String name) {}

    static AggregatorConfig from(Settings settings) {
        Settings section = settings.section("aggregator");
        Optional<String> name =
                section.optionalText(
                        "name",
                        "Aggregator of AWS Config that is asked for many accounts and regions at"
                                + " once. Empty: each account is asked itself.");
        Optional<String> scope =
                section.optionalText(
                        "scope", "Where the aggregator is, as partition:account:region.");
        if (name.isPresent() != scope.isPresent()) {
            throw new InvalidSettingException(
                    KEY + (name.isPresent() ? "scope" : "name"),
                    "name both an aggregator and where it is, or neither");
        }
        return new AggregatorConfig(
                name.map(each -> new Aggregator(at(scope.orElseThrow()), each)));
    }

    private static Scope at(String text) {
        try {
            return Scopes.parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(
                    KEY + "scope", e.getMessage() + ", got '" + text + "'");
        }
    }
}
