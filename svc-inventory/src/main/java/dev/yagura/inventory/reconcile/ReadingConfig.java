package dev.yagura.inventory.reconcile;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.util.List;

/**
 * Which accounts and regions are read, and how often.
 *
 * @param scopes read by this installation
 * @param interval from the end of a reading to the start of the next
 * @param pageSize instances or snapshots a call; EC2 takes 5 to 1000
 */
public record ReadingConfig(List<Scope> scopes, Duration interval, int pageSize) {

    public ReadingConfig {
        scopes = List.copyOf(scopes);
    }

    public static ReadingConfig from(Settings settings) {
        Settings reading = settings.section("reading");
        return new ReadingConfig(
                settings
                        .texts(
                                "scopes",
                                List.of(),
                                "Accounts and regions whose assets are read, each as"
                                        + " partition:account:region. IAM roles and instance"
                                        + " profiles, which are the same in all regions, are"
                                        + " read in the first region of an account.")
                        .stream()
                        .map(ReadingConfig::scope)
                        .distinct()
                        .toList(),
                reading.duration(
                        "interval",
                        Duration.ofMinutes(1),
                        "Pause between two full readings of the instances of a scope; AWS"
                                + " Config is read at a fifth of that rate."),
                reading.integer(
                        "page-size", 500, 5, 1000, "Instances or snapshots read by one call."));
    }

    private static Scope scope(String text) {
        try {
            return Scopes.parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(
                    "yagura.inventory.scopes", e.getMessage() + ", got '" + text + "'");
        }
    }
}
