package dev.yagura.sigma.engine;

import com.google.re2j.Pattern;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.Glob;
import dev.yagura.sigma.taxonomy.EventKind;
import dev.yagura.sigma.taxonomy.EventSource;
import dev.yagura.sigma.taxonomy.EventView;
import dev.yagura.sigma.taxonomy.FieldText;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import software.amazon.event.ruler.Machine;

/**
 * The first stage of matching, finding which patterns of one log source the values of an event
 * meet, by this engine, by Hyperscan and by Event Ruler.
 */
public final class SearchComparison {
    private static final HexFormat HEX = HexFormat.of();

    private final SourceRules rules;
    private final List<Map<Integer, FieldText>> values = new ArrayList<>();
    private final Map<Integer, List<Integer>> atomsByField = new TreeMap<>();

    /**
     * Of one log source.
     *
     * @param events those of other log sources are left out
     */
    public SearchComparison(
            EventSource source, List<RuleSetCompiler.Input> inputs, List<Event> events) {
        rules = SourceCompiler.compile(source, inputs);
        for (int number = 0; number < rules.atoms().length; number++) {
            Atom atom = rules.atoms()[number];
            boolean text =
                    atom.pattern() instanceof dev.yagura.sigma.Pattern.Text
                            || atom.pattern() instanceof dev.yagura.sigma.Pattern.Regex;
            if (text && isBasic(atom.pattern().text())) {
                atomsByField.computeIfAbsent(atom.field(), key -> new ArrayList<>()).add(number);
            }
        }
        for (Event event : events) {
            if (source.accepts(EventKind.of(Device.getDefaultInstance(), SensorEvent.of(event)))) {
                values.add(read(event));
            }
        }
    }

    /** One way to find the patterns that values meet. */
    public interface Way extends AutoCloseable {
        /** How many patterns the values of all events meet; the same for every way. */
        long run();

        @Override
        void close();
    }

    public int patterns() {
        return atomsByField.values().stream().mapToInt(List::size).sum();
    }

    public int events() {
        return values.size();
    }

    /** Automata of this engine; a pattern whose literal is found is tried. */
    public Way own() {
        Map<Integer, LiteralIndex> indexes = new TreeMap<>();
        atomsByField.forEach((field, atoms) -> {
            List<LiteralIndex.Use> uses = new ArrayList<>();
            atoms.forEach(atom ->
                    rules.atoms()[atom]
                            .literals()
                            .forEach(literal -> uses.add(new LiteralIndex.Use(atom, literal))));
            if (!uses.isEmpty()) {
                indexes.put(field, new LiteralIndex(field, uses));
            }
        });
        return new OwnWay(indexes);
    }

    /** Hyperscan's block mode, every pattern an expression, by the Foreign Function API. */
    public Way hyperscan() throws IOException {
        Map<Integer, HyperscanSearch> searches = new TreeMap<>();
        for (Map.Entry<Integer, List<Integer>> field : atomsByField.entrySet()) {
            List<HyperscanSearch.Expression> expressions =
                    field.getValue().stream().map(atom -> expression(rules.atoms()[atom])).toList();
            searches.put(field.getKey(), new HyperscanSearch(expressions));
        }
        return new HyperscanWay(searches);
    }

    /**
     * Event Ruler: a rule with a wildcard for each pattern that it can say, on values in lower
     * case.
     *
     * @param most patterns; its time grows with them
     */
    public RulerWay eventRuler(int most) throws IOException {
        Machine machine = Machine.builder().build();
        int added = 0;
        for (int atom : atomsByField.values().stream().flatMap(List::stream).toList()) {
            if (added < most
                    && rules.atoms()[atom].pattern() instanceof dev.yagura.sigma.Pattern.Text text
                    && text.glob().pattern().indexOf(Glob.ONE) < 0) {
                String wildcard =
                        text.glob()
                                .pattern()
                                .toLowerCase(Locale.ROOT)
                                .replace("\\", "\\\\")
                                .replace("*", "\\*")
                                .replaceAll(Glob.ANY + "+", "*");
                machine.addRule(
                        "atom-" + atom,
                        "{\"f%d\":[{\"wildcard\":%s}]}"
                                .formatted(rules.atoms()[atom].field(), quoted(wildcard)));
                added++;
            }
        }
        return new RulerWay(machine, added, values.stream().map(SearchComparison::json).toList());
    }

    private final class OwnWay implements Way, LiteralSearch.Listener {
        private final Map<Integer, LiteralIndex> indexes;
        private final Map<Integer, List<Integer>> withoutLiteral = new TreeMap<>();
        private final boolean[] seen = new boolean[rules.atoms().length];
        private final int[] touched = new int[seen.length];
        private int count;
        private int length;

        OwnWay(Map<Integer, LiteralIndex> indexes) {
            this.indexes = indexes;
            atomsByField.forEach((field, atoms) ->
                    withoutLiteral.put(
                            field,
                            atoms.stream()
                                    .filter(atom -> rules.atoms()[atom].literals().isEmpty())
                                    .toList()));
        }

        @Override
        public long run() {
            long met = 0;
            for (Map<Integer, FieldText> event : values) {
                for (Map.Entry<Integer, FieldText> field : event.entrySet()) {
                    met += met(field.getKey(), field.getValue());
                }
            }
            return met;
        }

        private long met(int field, FieldText value) {
            count = 0;
            length = value.length();
            LiteralIndex index = indexes.get(field);
            if (index != null) {
                index.scan(value, this);
            }
            long met = 0;
            for (int i = 0; i < count; i++) {
                seen[touched[i]] = false;
                Atom atom = rules.atoms()[touched[i]];
                met += atom.test().test(value, value) ? 1 : 0;
            }
            for (int atom : withoutLiteral.getOrDefault(field, List.of())) {
                met += rules.atoms()[atom].test().test(value, value) ? 1 : 0;
            }
            return met;
        }

        @Override
        public void found(int[] codes, int walked) {
            for (int code : codes) {
                int atom = LiteralIndex.atom(code);
                if (!seen[atom] && (!LiteralIndex.isWhole(code) || walked == length)) {
                    seen[atom] = true;
                    touched[count++] = atom;
                }
            }
        }

        @Override
        public void close() {}
    }

    private final class HyperscanWay implements Way {
        private final Map<Integer, HyperscanSearch> searches;

        HyperscanWay(Map<Integer, HyperscanSearch> searches) {
            this.searches = searches;
        }

        @Override
        public long run() {
            long met = 0;
            for (Map<Integer, FieldText> event : values) {
                for (Map.Entry<Integer, FieldText> field : event.entrySet()) {
                    met +=
                            Objects.requireNonNull(searches.get(field.getKey()))
                                    .scan(field.getValue().toString());
                }
            }
            return met;
        }

        @Override
        public void close() {
            searches.values().forEach(HyperscanSearch::close);
        }
    }

    /** Event Ruler with as many patterns as it was given. */
    public static final class RulerWay implements Way {
        private final Machine machine;
        private final int patterns;
        private final List<String> events;

        RulerWay(Machine machine, int patterns, List<String> events) {
            this.machine = machine;
            this.patterns = patterns;
            this.events = events;
        }

        public int patterns() {
            return patterns;
        }

        @Override
        public long run() {
            long met = 0;
            try {
                for (String event : events) {
                    met += machine.rulesForJSONEvent(event).size();
                }
            } catch (Exception e) {
                throw new IllegalStateException("Event Ruler refuses an event", e);
            }
            return met;
        }

        @Override
        public void close() {}
    }

    private Map<Integer, FieldText> read(Event event) {
        Map<Integer, FieldText> read = new TreeMap<>();
        EventView view = new EventView();
        view.show(SensorEvent.of(event));
        for (int field : atomsByField.keySet()) {
            FieldText text = new FieldText();
            rules.reader(field).read(view, text);
            if (text.isPresent() && isBasic(text)) {
                read.put(field, text);
            }
        }
        return read;
    }

    /** The others' rules on case and on characters beyond ASCII differ; those are left out. */
    private static boolean isBasic(CharSequence text) {
        return text.chars().allMatch(c -> c < 128);
    }

    private static HyperscanSearch.Expression expression(Atom atom) {
        return switch (atom.pattern()) {
            case dev.yagura.sigma.Pattern.Regex(String expression, int flags) ->
                    new HyperscanSearch.Expression(
                            expression,
                            (flags & Pattern.CASE_INSENSITIVE) == 0 ? 0 : HyperscanSearch.CASELESS);
            default -> {
                var text = (dev.yagura.sigma.Pattern.Text) atom.pattern();
                yield new HyperscanSearch.Expression(
                        expression(text.glob().pattern()),
                        HyperscanSearch.DOTALL | (text.cased() ? 0 : HyperscanSearch.CASELESS));
            }
        };
    }

    private static String expression(String glob) {
        StringBuilder expression = new StringBuilder("^");
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            switch (c) {
                case Glob.ANY -> expression.append(".*");
                case Glob.ONE -> expression.append('.');
                default -> expression.append("\\x").append(HEX.toHexDigits((byte) c));
            }
        }
        String whole = expression.append('$').toString();
        String open = whole.startsWith("^.*") ? whole.substring("^.*".length()) : whole;
        return open.endsWith(".*$") ? open.substring(0, open.length() - ".*$".length()) : open;
    }

    private static String json(Map<Integer, FieldText> event) {
        List<String> fields = new ArrayList<>();
        event.forEach((field, value) ->
                fields.add(
                        "\"f%d\":%s"
                                .formatted(
                                        field, quoted(value.toString().toLowerCase(Locale.ROOT)))));
        return "{" + String.join(",", fields) + "}";
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (byte c : text.getBytes(StandardCharsets.US_ASCII)) {
            if (c < ' ') {
                json.append("\\u00").append(HEX.toHexDigits(c));
            } else {
                json.append(c == '"' || c == '\\' ? "\\" : "").append((char) c);
            }
        }
        return json.append('"').toString();
    }
}
