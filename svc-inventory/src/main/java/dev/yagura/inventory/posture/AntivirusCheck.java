package dev.yagura.inventory.posture;

import dev.yagura.inventory.agent.ReceivedReport;
import dev.yagura.proto.inventory.v1.AntivirusProduct;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Antivirus runs, with definitions that are new where it is known how new they are. */
final class AntivirusCheck implements HostCheck {
    /** ClamAV makes new ones every day. */
    private static final Duration DEFINITIONS = Duration.ofDays(7);

    @Override
    public String id() {
        return "antivirus-running";
    }

    @Override
    public boolean concerns(HostFacts facts) {
        return true;
    }

    @Override
    public CheckResult of(HostFacts facts) {
        return AgentWord.judge(facts, received -> of(received, facts.readings().now()));
    }

    private static CheckResult of(ReceivedReport received, Instant now) {
        List<AntivirusProduct> products = received.report().getAntivirusList();
        if (products.isEmpty()) {
            String unread = received.report().getAntivirusUnread();
            return unread.isEmpty()
                    ? CheckResult.fail(
                            "no antivirus of those in the table of docs/reference/posture.md runs",
                            "start or install one, such as clamd of ClamAV",
                            received.time())
                    : CheckResult.unknown(
                            "the agent does not know what runs: " + unread,
                            "run the agent as root",
                            received.time());
        }
        Instant oldest = now.minus(DEFINITIONS);
        String running =
                products.stream().map(AntivirusCheck::text).collect(Collectors.joining(", "));
        return products.stream().allMatch(product -> isOld(product, oldest))
                ? CheckResult.fail(
                        running
                                + "; definitions are too old after "
                                + DEFINITIONS.toDays()
                                + " days",
                        "let freshclam run, and reach database.clamav.net or a mirror",
                        received.time())
                : CheckResult.pass(running, received.time());
    }

    private static boolean isOld(AntivirusProduct product, Instant oldest) {
        return product.hasDefinitionsTime()
                && product.getDefinitionsTime().getSeconds() < oldest.getEpochSecond();
    }

    private static String text(AntivirusProduct product) {
        return "%s (%s) runs%s"
                .formatted(
                        product.getProduct(),
                        product.getProcess(),
                        product.hasDefinitionsTime()
                                ? " with definitions of "
                                        + Instant.ofEpochSecond(
                                                product.getDefinitionsTime().getSeconds())
                                : "");
    }
}
