package dev.yagura.response.plan;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.yaml.SourceProblem;
import dev.yagura.common.yaml.YamlMessage;
import dev.yagura.proto.response.v1.PlanContact;
import dev.yagura.proto.response.v1.ResponsePlanSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The text of a plan. */
final class PlanSource {
    private static final int MAX_BYTES = 256 * 1024;
    private static final int MOST_CONTACTS = 100;
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration LONGEST = Duration.ofDays(730);

    private final YamlMessage written;
    private final ResponsePlanSpec spec;
    private final List<SourceProblem> problems;

    private PlanSource(YamlMessage written, ResponsePlanSpec spec) {
        this.written = written;
        this.spec = spec;
        this.problems = new ArrayList<>(written.problems());
    }

    /**
     * What it says.
     *
     * @param isPlaybook whether there is a playbook of an id
     * @throws InvalidFieldException with every problem, each with its line and column
     */
    static ResponsePlanSpec read(String yaml, Predicate<String> isPlaybook) {
        if (yaml.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new InvalidFieldException(
                    "source", "is longer than 256 KiB", "link what is long from its text");
        }
        ResponsePlanSpec.Builder spec = ResponsePlanSpec.newBuilder();
        PlanSource source = new PlanSource(YamlMessage.read(yaml, spec), spec.build());
        if (source.problems.isEmpty()) {
            source.check(isPlaybook);
        }
        if (!source.problems.isEmpty()) {
            throw new InvalidFieldException(
                    "source", SourceProblem.text(source.problems), "see the how-to of the plan");
        }
        return source.spec;
    }

    /** How long after a drill the next one is due. */
    static Duration drillInterval(ResponsePlanSpec spec) {
        return parse(spec.getDrillInterval()).orElse(YEAR);
    }

    private void check(Predicate<String> isPlaybook) {
        require("title", !spec.getTitle().isBlank(), "give the plan a title");
        checkContacts();
        for (int i = 0; i < spec.getPlaybooksCount(); i++) {
            String id = spec.getPlaybooks(i);
            require(
                    "playbooks",
                    isPlaybook.test(id),
                    "there is no playbook \"" + id + "\": create it first, or leave it out");
        }
        require(
                "drill_interval",
                spec.getDrillInterval().isEmpty()
                        || parse(spec.getDrillInterval())
                                .filter(each -> each.isPositive() && each.compareTo(LONGEST) <= 0)
                                .isPresent(),
                "write ISO 8601, such as P180D, at most P730D");
    }

    private void checkContacts() {
        require(
                "contacts",
                spec.getContactsCount() <= MOST_CONTACTS,
                "has more than " + MOST_CONTACTS);
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < spec.getContactsCount(); i++) {
            PlanContact contact = spec.getContacts(i);
            String path = "contacts[" + i + "].";
            require(
                    path + "id",
                    ID.matcher(contact.getId()).matches(),
                    "give each contact an id of lower-case letters, digits and hyphens");
            require(
                    path + "id",
                    ids.add(contact.getId()),
                    "\"" + contact.getId() + "\" is there twice");
            require(path + "name", !contact.getName().isBlank(), "give each contact a name");
            require(
                    path + "email",
                    !contact.getEmail().isBlank()
                            || !contact.getPhone().isBlank()
                            || !contact.getOnCall().isBlank(),
                    "say how to reach " + contact.getId() + ": email, phone or on_call");
        }
        require(
                "owner",
                ids.contains(spec.getOwner()),
                "name the id of the contact who answers for the plan");
    }

    private void require(String path, boolean holds, String message) {
        if (!holds) {
            problems.add(written.problem(path, message));
        }
    }

    private static Optional<Duration> parse(String text) {
        try {
            return Optional.of(Duration.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
