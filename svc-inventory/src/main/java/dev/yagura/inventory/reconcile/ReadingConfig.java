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
 * @param pageSize instances a call; EC2 takes 5 to 1000
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
                                "Accounts and regions whose EC2 instances are read, each as"
                                        + " partition:account:region.")
                        .stream()
                        .map(ReadingConfig::scope)
                        .distinct()
                        .toList(),
                reading.duration(
                        "interval",
                        Duration.ofMinutes(1),
                        "Pause between two full readings of a scope."),
                reading.integer("page-size", 500, 5, 1000, "Instances read by one call."));
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
