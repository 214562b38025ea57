package dev.yagura.sigma.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The compiled engine and the plain interpreter agree on random rules and events. */
class CompiledMatchingTest {
    private static final int RULES = 80;
    private static final int EVENTS = 150;
    private static final String[] FIELDS = {"f", "g", "a0", "type", "h"};
    private static final String[] PIECES = {
        "a", "b", "ab", "A", "aB", "/tmp/", "sh", "curl", "-", " ", ".", "Ü", "ß", "1", "10", "ba",
        "\n", "K", "\u212a"
    };
    private static final String[] REGEXES = {
        "ab+",
        "a(b|c)d?",
        "cur[l]",
        "^a.*b$",
        "(?:curl|sh) ",
        "(?i)CURL",
        "a{2,}",
        "x|/tmp/",
        "\\.ab",
        "(ab)?curl",
        "tmp/+a",
        "[^a]sh",
        "curl*",
        "ab(curl)+?1",
        "\\bsh\\b"
    };
    private static final String[] MODIFIERS = {
        "",
        "",
        "|contains",
        "|contains|all",
        "|startswith",
        "|endswith",
        "|cased",
        "|contains|cased",
        "|re",
        "|re|i",
        "|exists",
        "|lt",
        "|gte",
        "|fieldref",
        "|fieldref|contains",
        "|cidr",
        "|neq",
        "|windash|contains",
        "|base64offset|contains"
    };
    private static final String[] CONDITIONS = {
        "s1",
        "s1 and s2",
        "s1 or s2",
        "s1 and not s2",
        "not s1",
        "1 of s*",
        "all of s*",
        "2 of them",
        "not 1 of s*",
        "s1 and (s2 or not s3)",
        "not (s1 and s2) and s3"
    };

    static IntStream seeds() {
        return IntStream.range(0, 25);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithThePlainInterpreter(int seed) {
        Random random = new Random(seed);
        List<SigmaRule> rules = new ArrayList<>();
        List<RuleSetCompiler.Input> inputs = new ArrayList<>();
        for (int i = 0; i < RULES; i++) {
            SigmaRule rule =
                    AuditEvents.rule(
                            AuditEvents.ruleText(new UUID(seed, i).toString(), detection(random)));
            rules.add(rule);
            inputs.add(AuditEvents.input(rule));
        }
        EventMatcher matcher = RuleSetCompiler.compile(1, inputs);
        for (int i = 0; i < EVENTS; i++) {
            List<Map<String, String>> records = records(random);
            Event event = AuditEvents.event(records);
            List<String> expected =
                    rules.stream()
                            .filter(rule -> new ReferenceInterpreter(rule).matches(views(event)))
                            .map(SigmaRule::id)
                            .toList();
            for (SensorEvent form : List.of(SensorEvent.of(event), AuditEvents.encoded(event))) {
                assertThat(matcher.match(AuditEvents.DEVICE, form))
                        .as("%s", records)
                        .extracting(match -> match.rule().getId())
                        .containsExactlyElementsOf(expected);
            }
        }
    }

    /** The records as the message has them, so that keywords see the same order of fields. */
    private static List<FieldValues> views(Event event) {
        List<Map<String, String>> records = new ArrayList<>();
        event.getRawRecordsList()
                .forEach(raw -> {
                    Map<String, String> fields = new LinkedHashMap<>();
                    if (!raw.getType().isEmpty()) {
                        fields.put("type", raw.getType());
                    }
                    fields.putAll(raw.getFieldsMap());
                    records.add(fields);
                });
        return records.stream()
                .map(record ->
                        new FieldValues(
                                field -> Optional.ofNullable(value(field, record, records))))
                .toList();
    }

    private static @Nullable String value(
            String field, Map<String, String> record, List<Map<String, String>> records) {
        if (field.isEmpty()) {
            return record.values().stream()
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining("\n"));
        }
        String own = record.get(field);
        if (own != null || field.equals("type") || field.matches("a[0-3]|items")) {
            return own;
        }
        return records.stream()
                .filter(other -> "SYSCALL".equals(other.get("type")))
                .findFirst()
                .map(call -> call.get(field))
                .orElse(null);
    }

    private static String detection(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= 3; i++) {
            text.append("s").append(i).append(":\n");
            if (random.nextInt(6) == 0) {
                text.append("    - ").append(quoted(value(random, 1))).append('\n');
                text.append("    - ").append(quoted(value(random, 2))).append('\n');
            } else {
                fields(random, text);
            }
        }
        return text.append("condition: ").append(pick(random, CONDITIONS)).toString();
    }

    private static void fields(Random random, StringBuilder text) {
        int first = random.nextInt(FIELDS.length);
        for (int i = 0; i <= random.nextInt(2); i++) {
            String field = FIELDS[(first + i) % FIELDS.length];
            String modifier = pick(random, MODIFIERS);
            text.append("    ").append(field).append(modifier).append(": ");
            text.append(values(random, modifier)).append('\n');
        }
    }

    private static String values(Random random, String modifier) {
        boolean several = modifier.contains("all") || random.nextInt(3) == 0;
        if (several && !modifier.equals("|exists")) {
            return "[" + listed(random, modifier) + ", " + listed(random, modifier) + "]";
        }
        return single(random, modifier);
    }

    /** A list holds no null. */
    private static String listed(Random random, String modifier) {
        String value = single(random, modifier);
        return value.equals("null") ? "a" : value;
    }

    private static String single(Random random, String modifier) {
        return switch (modifier) {
            case "|re", "|re|i" -> quoted(pick(random, REGEXES));
            case "|exists" -> random.nextBoolean() ? "true" : "false";
            case "|lt", "|gte" -> Integer.toString(random.nextInt(12));
            case "|fieldref", "|fieldref|contains" -> pick(random, FIELDS);
            case "|cidr" -> random.nextBoolean() ? "10.0.0.0/8" : "'::/1'";
            case "|base64offset|contains" -> quoted("curl " + random.nextInt(3));
            case "|windash|contains" -> quoted(" -" + pick(random, new String[] {"a", "sh"}));
            case "" -> random.nextInt(8) == 0 ? "null" : quoted(value(random, 3));
            default -> quoted(value(random, 3));
        };
    }

    private static String value(Random random, int most) {
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < 1 + random.nextInt(most); i++) {
            int kind = random.nextInt(10);
            value.append(
                    kind == 0 ? "*" : kind == 1 ? "?" : kind == 2 ? "\\*" : pick(random, PIECES));
        }
        return value.toString();
    }

    private static String quoted(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\n", "\\n") + "\"";
    }

    private static List<Map<String, String>> records(Random random) {
        List<Map<String, String>> records = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("type", pick(random, new String[] {"SYSCALL", "PATH", "EXECVE", "ab"}));
            for (String field : FIELDS) {
                if (!field.equals("type") && random.nextInt(3) > 0) {
                    fields.put(field, eventValue(random));
                }
            }
            records.add(fields);
        }
        return records;
    }

    private static String eventValue(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> "";
            case 1 -> Integer.toString(random.nextInt(14));
            case 2 -> random.nextBoolean() ? "10.1.2.3" : "2001:db8::1";
            case 3 -> "xY3VybCAx" + pick(random, PIECES);
            default -> {
                StringBuilder value = new StringBuilder();
                for (int i = 0; i <= random.nextInt(6); i++) {
                    value.append(pick(random, PIECES));
                }
                yield value.toString();
            }
        };
    }

    private static String pick(Random random, String[] options) {
        return options[random.nextInt(options.length)];
    }
}
