package dev.yagura.sigma.engine;

import dev.yagura.sigma.taxonomy.EventView;
import dev.yagura.sigma.taxonomy.FieldText;
import java.util.Arrays;

/**
 * What is known of one view of the event at hand: values read so far, atoms hit or tried. Used
 * again for the next event; belongs to one thread.
 */
final class ViewState implements LiteralSearch.Listener {
    /** Not hit: false for an atom that was looked for, not known for another. */
    private static final byte UNTOUCHED = 0;

    /** A literal that is not decisive was found. */
    private static final byte POSSIBLE = 1;

    private static final byte TRUE = 2;
    private static final byte FALSE = 3;

    private final SourceRules rules;
    private final EventView view = new EventView();
    private final FieldText[] values;
    private final boolean[] read;
    private final byte[] states;
    private final int[] touched;
    private int touchedCount;

    private KindPlan plan;
    private long[] candidates = {};
    private int scannedLength;

    ViewState(SourceRules rules) {
        this.rules = rules;
        plan = rules.planOfAnyKind();
        values = new FieldText[rules.fieldCount()];
        Arrays.setAll(values, i -> new FieldText());
        read = new boolean[values.length];
        states = new byte[rules.atoms().length];
        touched = new int[states.length];
    }

    /** For the caller to show the event. */
    EventView view() {
        return view;
    }

    /** Forgets the event before. */
    void reset() {
        for (int i = 0; i < touchedCount; i++) {
            states[touched[i]] = UNTOUCHED;
        }
        touchedCount = 0;
        Arrays.fill(read, false);
    }

    /** Runs the automata over the values; adds the rules that may be met. */
    void scan(KindPlan kindPlan, long[] candidateBits) {
        plan = kindPlan;
        candidates = candidateBits;
        for (LiteralIndex index : kindPlan.indexes()) {
            FieldText value = value(index.field());
            scannedLength = value.length();
            if (scannedLength > 0) {
                index.scan(value, this);
            }
        }
    }

    @Override
    public void found(int[] codes, int walked) {
        for (int code : codes) {
            int atom = LiteralIndex.atom(code);
            byte state = states[atom];
            if (state < TRUE && (!LiteralIndex.isWhole(code) || walked == scannedLength)) {
                if (state == UNTOUCHED) {
                    touched[touchedCount++] = atom;
                    for (int rule : rules.triggered()[atom]) {
                        candidates[rule >>> 6] |= 1L << rule;
                    }
                }
                states[atom] = LiteralIndex.isDecisive(code) ? TRUE : POSSIBLE;
            }
        }
    }

    boolean holds(int atomIndex) {
        byte state = states[atomIndex];
        if (state >= TRUE) {
            return state == TRUE;
        }
        Atom atom = rules.atoms()[atomIndex];
        if (state == UNTOUCHED) {
            if (rules.isIndexed(atomIndex) && plan.looksThrough(atom.field())) {
                return false;
            }
            touched[touchedCount++] = atomIndex;
        }
        boolean holds = atom.test().test(value(atom.field()), value(atom.otherField()));
        states[atomIndex] = holds ? TRUE : FALSE;
        return holds;
    }

    FieldText value(int field) {
        FieldText value = values[field];
        if (!read[field]) {
            read[field] = true;
            value.clear();
            rules.reader(field).read(view, value);
        }
        return value;
    }
}
