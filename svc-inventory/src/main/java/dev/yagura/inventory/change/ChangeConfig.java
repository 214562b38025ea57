package dev.yagura.inventory.change;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.inventory.access.Scopes;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Section "changes".
 *
 * @param queues that AWS Config's changes come through; none means that they are not followed
 */
record ChangeConfig(List<ChangeQueue> queues) {
    private static final Pattern URL =
            Pattern.compile("https?://[^/]+/[0-9]{12}/[A-Za-z0-9_-]{1,80}");

    ChangeConfig {
        queues = List.copyOf(queues);
    }

    static ChangeConfig from(Settings settings) {
        return new ChangeConfig(
                settings
                        .section("changes")
                        .texts(
                                "queues",
                                List.of(),
                                "SQS queues that AWS Config's changes come through, each as"
                                        + " partition:account:region=URL; the role of that"
                                        + " account reads it. Empty: assets are as old as the"
                                        + " last reading.")
                        .stream()
                        .map(ChangeConfig::queue)
                        .distinct()
                        .toList());
    }

    private static ChangeQueue queue(String text) {
        int equals = text.indexOf('=');
        String url = text.substring(equals + 1);
        try {
            if (equals < 0 || !URL.matcher(url).matches()) {
                throw new IllegalArgumentException(
                        "expected partition:account:region=URL of a standard queue, such as"
                                + " aws:111122223333:eu-west-1="
                                + "https://sqs.eu-west-1.amazonaws.com/111122223333/config");
            }
            return new ChangeQueue(Scopes.parse(text.substring(0, equals)), url);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(
                    "yagura.inventory.changes.queues", e.getMessage() + ", got '" + text + "'");
        }
    }
}
