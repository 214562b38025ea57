package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.front.JournalEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A file under deploy/policies, held against the calls that an action really made. */
final class PolicyFile {
    private static final Pattern OPERATION = Pattern.compile("\"([a-z0-9]+:[A-Z][A-Za-z]+)\"");

    private PolicyFile() {}

    /**
     * The file allows what was called since, and nothing that is never called.
     *
     * @param behind what AWS asks for behind a call, and calls that only an answer that was lost or
     *     a host that is late would need
     */
    static void assertFits(TestService service, String action, long since, String... behind)
            throws IOException {
        Set<String> called = called(service.sandbox().journal(since));
        called.addAll(Set.of(behind));
        called.remove("sts:AssumeRole");
        assertThat(called).isEqualTo(allowed(action));
    }

    /** Operations that a policy allows. */
    static Set<String> allowed(String action) throws IOException {
        String policy = Files.readString(Path.of("..", "deploy", "policies", action + ".json"));
        return OPERATION
                .matcher(policy.replaceAll("\"Condition\".*", ""))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
    }

    /** Operations that the product's role called. */
    static Set<String> called(List<JournalEntry> journal) {
        return journal.stream()
                .filter(entry -> entry.caller().contains("YaguraResponse"))
                .map(JournalEntry::operation)
                .collect(Collectors.toSet());
    }
}
