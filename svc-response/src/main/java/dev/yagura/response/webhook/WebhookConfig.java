package dev.yagura.response.webhook;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.response.aws.AddressBlock;
import dev.yagura.response.outbox.EventTypes;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Section "webhook".
 *
 * @param endpoints where events go
 * @param privateNetworks not public, but allowed all the same
 * @param timeout of one attempt
 * @param pauses before the second attempt, the third, and so on; after the last it is given up
 * @param poll how late an event is seen
 * @param retention how long a delivery is kept that succeeded
 * @param deadRetention how long a dead letter is kept
 */
public record WebhookConfig(
        List<EndpointConfig> endpoints,
        List<AddressBlock> privateNetworks,
        Duration timeout,
        List<Duration> pauses,
        Duration poll,
        Duration retention,
        Duration deadRetention) {
    private static final String PREFIX = "yagura.response.webhook.";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** Of the Standard Webhooks convention. */
    private static final List<String> PAUSES =
            List.of("PT5S", "PT5M", "PT30M", "PT2H", "PT5H", "PT10H", "PT14H", "PT20H", "PT24H");

    public WebhookConfig {
        endpoints = List.copyOf(endpoints);
        privateNetworks = List.copyOf(privateNetworks);
        pauses = List.copyOf(pauses);
    }

    public static WebhookConfig from(Settings settings) {
        Settings section = settings.section("webhook");
        return new WebhookConfig(
                        endpoints(section),
                        networks(section),
                        section.duration(
                                "timeout",
                                Duration.ofSeconds(10),
                                "How long an endpoint has to answer; at most PT30S."),
                        pauses(section),
                        section.duration(
                                "poll",
                                Duration.ofSeconds(1),
                                "How late a new event is seen and sent."),
                        section.duration(
                                "retention",
                                Duration.ofDays(7),
                                "How long a delivery is kept that succeeded."),
                        section.duration(
                                "dead-retention",
                                Duration.ofDays(30),
                                "How long a dead letter is kept, and can be replayed."))
                .checked();
    }

    private static List<EndpointConfig> endpoints(Settings section) {
        List<String> names =
                section.texts(
                        "endpoints",
                        List.of(),
                        "Names of the endpoints that events go to: lower-case letters, digits and"
                                + " hyphens. Each has keys of its own, shown below for one that is"
                                + " named soar.");
        if (new HashSet<>(names).size() < names.size()) {
            throw invalid("endpoints", "names one twice");
        }
        return names.stream().map(name -> endpoint(section, name)).toList();
    }

    private static EndpointConfig endpoint(Settings section, String name) {
        if (!NAME.matcher(name).matches()) {
            throw invalid(
                    "endpoints",
                    name + " is no name: write lower-case letters, digits and hyphens");
        }
        Settings own = section.section("endpoint").section(name);
        String url =
                own.secret(
                        "url",
                        "Where its events are posted: https, or http to localhost. Never shown"
                                + " beyond host and port.");
        EndpointConfig endpoint;
        try {
            endpoint =
                    new EndpointConfig(
                            name,
                            EndpointConfig.url(url),
                            own.requiredPath(
                                    "secret-file",
                                    "File with the secret that signs: whsec_ and base64 of 24 to"
                                            + " 64 bytes. With two lines both sign, so that one can"
                                            + " be replaced."),
                            own.texts(
                                    "events",
                                    List.of(
                                            EventTypes.ACTION_STATE_CHANGED,
                                            EventTypes.RUN_STATE_CHANGED),
                                    "What it takes: " + String.join(", ", EventTypes.ALL) + "."));
        } catch (IllegalArgumentException e) {
            throw invalid("endpoint." + name + ".url", String.valueOf(e.getMessage()));
        }
        endpoint.eventTypes().stream()
                .filter(type -> !EventTypes.ALL.contains(type))
                .findFirst()
                .ifPresent(type -> {
                    throw invalid(
                            "endpoint." + name + ".events",
                            type + " is no event; known are " + String.join(", ", EventTypes.ALL));
                });
        return endpoint;
    }

    private static List<AddressBlock> networks(Settings section) {
        List<AddressBlock> networks = new ArrayList<>();
        for (String text :
                section.texts(
                        "private-networks",
                        List.of(),
                        "Blocks of private addresses that endpoints may have, such as"
                                + " 10.20.0.0/16; link-local ones, where credentials are given out,"
                                + " never.")) {
            try {
                networks.add(AddressBlock.parse(text));
            } catch (IllegalArgumentException e) {
                throw invalid("private-networks", text + " is no block of addresses");
            }
        }
        return networks;
    }

    private static List<Duration> pauses(Settings section) {
        List<Duration> pauses = new ArrayList<>();
        for (String text :
                section.texts(
                        "pauses",
                        PAUSES,
                        "Pauses before the second attempt, the third, and so on, with up to a"
                                + " fifth more by chance; a delivery that fails after the last is a"
                                + " dead letter.")) {
            try {
                pauses.add(Duration.parse(text));
            } catch (DateTimeParseException e) {
                throw invalid("pauses", text + " is no ISO-8601 duration such as PT5S");
            }
        }
        return pauses;
    }

    private WebhookConfig checked() {
        if (timeout.compareTo(Duration.ofSeconds(30)) > 0) {
            throw invalid("timeout", "is " + timeout + "; at most PT30S");
        }
        if (pauses.stream().anyMatch(pause -> pause.isNegative() || pause.isZero())) {
            throw invalid("pauses", "has one that is not positive");
        }
        return this;
    }

    static InvalidSettingException invalid(String key, String problem) {
        return new InvalidSettingException(PREFIX + key, problem);
    }

    /** Until a message that nobody takes is given up, with room for what is late. */
    public Duration patience() {
        Duration all = pauses.stream().reduce(Duration.ZERO, Duration::plus);
        return all.multipliedBy(6)
                .dividedBy(5)
                .plus(timeout.multipliedBy(pauses.size() + 1L))
                .plus(Duration.ofHours(1));
    }

    /** For people. */
    String names() {
        return endpoints.isEmpty()
                ? "none"
                : endpoints.stream().map(EndpointConfig::name).collect(Collectors.joining(", "));
    }
}
