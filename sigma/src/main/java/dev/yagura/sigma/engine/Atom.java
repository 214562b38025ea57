package dev.yagura.sigma.engine;

import dev.yagura.sigma.Pattern;
import java.util.List;

/**
 * One field and one pattern, shared by all rules of a source that ask the same.
 *
 * @param field index of the field
 * @param otherField index of the field that the pattern refers to; the field itself for others
 * @param patternText for people
 * @param literals at least one is in every value that meets the pattern; none: not known
 */
record Atom(
        int field,
        int otherField,
        String fieldName,
        Pattern pattern,
        String patternText,
        ValueTest test,
        List<Literal> literals) {
    Atom {
        literals = List.copyOf(literals);
    }
}
