package dev.yagura.sigma.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePack;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;

/**
 * Any text as a file of rules: each document loads, or says at which line why not. What loads
 * compiles, and matches what the plain interpreter does.
 */
class RuleTextFuzzTest {
    private static final RuleLoader LOADER = new RuleLoader();
    private static final List<Event> EVENTS =
            List.of(
                    AuditEvents.event(
                            List.of(
                                    Map.of(
                                            "type", "SYSCALL",
                                            "exe", "/usr/bin/curl",
                                            "comm", "curl",
                                            "success", "yes",
                                            "a0", "ff",
                                            "auid", "1000"),
                                    Map.of("type", "EXECVE", "a0", "curl", "a1", "-o/tmp/x"),
                                    Map.of("type", "PATH", "name", "/etc/passwd"))),
                    AuditEvents.event(
                            List.of(
                                    Map.of(
                                            "type", "USER_LOGIN",
                                            "addr", "10.1.2.3",
                                            "hostname", "fe80::1",
                                            "a0", "2025-10-25T13:44:33Z",
                                            "a1", "Y3VybA==",
                                            "a2", "17"))));

    @FuzzTest(maxDuration = "120s")
    @Timeout(20)
    void loadsOrSaysWhyNot(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        int lines = text.split("\\R|\\x85|\\u2028|\\u2029", -1).length;
        List<Rule> rules =
                LOADER.load(
                        new RulePack("pack", List.of(new RulePack.RuleFile("a.yml", text, ""))));
        for (Rule rule : rules) {
            if (rule.state() == Rule.State.INVALID) {
                assertThat(rule.diagnostics()).isNotEmpty();
            }
            for (Diagnostic diagnostic : rule.diagnostics()) {
                assertThat(diagnostic.line()).isBetween(0, lines);
                assertThat(diagnostic.message()).isNotBlank();
            }
        }
        List<Rule> active =
                rules.stream()
                        .filter(rule ->
                                rule.state() == Rule.State.ACTIVE && rule.sigma().isPresent())
                        .toList();
        EventMatcher compiled =
                RuleSetCompiler.compile(1, active.stream().map(rule -> rule.input(1)).toList());
        for (Event event : EVENTS) {
            agree(compiled, active, event);
        }
    }

    private static void agree(EventMatcher compiled, List<Rule> rules, Event event) {
        TreeSet<String> found = new TreeSet<>();
        compiled.match(AuditEvents.DEVICE, event)
                .forEach(match -> found.add(match.rule().getName()));
        TreeSet<String> expected = new TreeSet<>();
        for (Rule rule : rules) {
            SigmaRule sigma = rule.sigma().orElseThrow();
            if (!new PlainRules(List.of(sigma)).match(AuditEvents.DEVICE, event).isEmpty()) {
                expected.add(rule.name());
            }
        }
        assertThat(found).isEqualTo(expected);
    }
}
