package dev.yagura.sigma.taxonomy;

import dev.yagura.proto.telemetry.v1.RawRecord;
import dev.yagura.sigma.Detection;
import dev.yagura.sigma.LogSource;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Sigma's service auditd: the fields of the kernel's records, by their own names, one record at a
 * time; {@link EventView} says how records of one event go together.
 */
final class AuditSource {
    private static final Pattern FIELD = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    /** Not the same thing in other records. */
    private static final Set<String> OF_THE_CALL_ALONE = Set.of("a0", "a1", "a2", "a3", "items");

    static final EventSource AUDITD =
            new EventSource(
                    new LogSource("linux", "", "auditd"),
                    kind -> kind.source().equals("auditd"),
                    true,
                    AuditSource::field);

    private AuditSource() {}

    private static Optional<FieldReader> field(String name) {
        if (name.equals(Detection.KEYWORDS)) {
            return Optional.of(AuditSource::everyField);
        }
        if (name.equals("type")) {
            return Optional.of((view, text) -> text.putUnlessEmpty(view.raw().getType()));
        }
        return FIELD.matcher(name).matches() ? Optional.of(raw(name)) : Optional.empty();
    }

    private static FieldReader raw(String name) {
        boolean shared = !OF_THE_CALL_ALONE.contains(name);
        return (view, text) -> {
            String own = view.raw().getFieldsMap().get(name);
            if (own != null) {
                text.put(own);
            } else if (shared) {
                String ofCall = view.call().getFieldsMap().get(name);
                if (ofCall != null) {
                    text.put(ofCall);
                }
            }
        };
    }

    private static void everyField(EventView view, FieldText text) {
        RawRecord raw = view.raw();
        text.putLine(raw.getType());
        raw.getFieldsMap().values().forEach(text::putLine);
    }
}
