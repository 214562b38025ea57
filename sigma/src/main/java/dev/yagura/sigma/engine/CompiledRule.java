package dev.yagura.sigma.engine;

import dev.yagura.proto.detection.v1.MatchedField;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.sigma.taxonomy.FieldText;
import java.util.ArrayList;
import java.util.List;

/** One rule, ready to be evaluated. */
record CompiledRule(
        RuleReference reference, Severity severity, String conditionText, ConditionNode condition) {
    private static final int MAX_VALUE_BYTES = 1024;
    private static final int MAX_FIELDS = 64;

    boolean isMet(SourceRules.State state) {
        return condition.holds(state);
    }

    /** The match, with copies of the values; the first 64 when there are more. */
    RuleMatch explain(SourceRules.State state) {
        List<MatchedField> fields = new ArrayList<>();
        condition.reasons(
                state,
                selection -> {
                    ViewState view = state.view(state.firstView(selection.detection()));
                    selection
                            .detection()
                            .reasons(
                                    view,
                                    atomIndex -> {
                                        Atom atom = state.atom(atomIndex);
                                        if (fields.size() < MAX_FIELDS) {
                                            fields.add(
                                                    MatchedField.newBuilder()
                                                            .setField(atom.fieldName())
                                                            .setValue(
                                                                    bounded(
                                                                            view.value(
                                                                                    atom.field())))
                                                            .setSelection(selection.name())
                                                            .setPattern(atom.patternText())
                                                            .build());
                                        }
                                    });
                });
        return new RuleMatch(reference, severity, fields, conditionText);
    }

    /** The head of the value, at most 1 KiB of UTF-8. */
    private static String bounded(FieldText value) {
        int bytes = 0;
        int end = 0;
        while (end < value.length()) {
            int codePoint = Character.codePointAt(value, end);
            bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            if (bytes > MAX_VALUE_BYTES) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return value.subSequence(0, end).toString();
    }
}
