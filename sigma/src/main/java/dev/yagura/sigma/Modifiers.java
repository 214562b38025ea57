package dev.yagura.sigma;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The modifiers of one field, in the order of the rule, checked to go together. */
final class Modifiers {
    private final List<Modifier> chain;
    private final Set<Modifier> present;

    /** Sigma's names in lower case. */
    enum Modifier {
        ALL("all"),
        CONTAINS("contains"),
        STARTSWITH("startswith"),
        ENDSWITH("endswith"),
        CASED("cased"),
        NEQ("neq"),
        EXPAND("expand"),
        WINDASH("windash"),
        BASE64("base64"),
        BASE64OFFSET("base64offset"),
        WIDE("wide"),
        UTF16LE("utf16le"),
        UTF16BE("utf16be"),
        UTF16("utf16"),
        RE("re"),
        IGNORE_CASE("i"),
        MULTI_LINE("m"),
        DOT_ALL("s"),
        CIDR("cidr"),
        EXISTS("exists"),
        FIELDREF("fieldref"),
        LT("lt"),
        LTE("lte"),
        GT("gt"),
        GTE("gte"),
        MINUTE("minute"),
        HOUR("hour"),
        DAY("day"),
        WEEK("week"),
        MONTH("month"),
        YEAR("year");

        private static final Set<Modifier> ENCODINGS =
                EnumSet.of(BASE64, BASE64OFFSET, WIDE, UTF16LE, UTF16BE, UTF16);
        private static final Set<Modifier> BASE64_ENCODINGS = EnumSet.of(BASE64, BASE64OFFSET);
        private static final Set<Modifier> REGEX_FLAGS =
                EnumSet.of(IGNORE_CASE, MULTI_LINE, DOT_ALL);
        private static final Set<Modifier> COMPARISONS = EnumSet.of(LT, LTE, GT, GTE);
        private static final Set<Modifier> TIME_PARTS =
                EnumSet.of(MINUTE, HOUR, DAY, WEEK, MONTH, YEAR);
        private static final Set<Modifier> AFFIXES = EnumSet.of(CONTAINS, STARTSWITH, ENDSWITH);

        /** Each makes something else than text of the value. */
        private static final Set<Modifier> KINDS =
                EnumSet.of(
                        RE, CIDR, EXISTS, FIELDREF, LT, LTE, GT, GTE, MINUTE, HOUR, DAY, WEEK,
                        MONTH, YEAR);

        private final String written;

        Modifier(String written) {
            this.written = written;
        }

        boolean isEncoding() {
            return ENCODINGS.contains(this);
        }

        private static Optional<Modifier> of(String name) {
            return Arrays.stream(values()).filter(m -> m.written.equals(name)).findFirst();
        }
    }

    private Modifiers(List<Modifier> chain) {
        this.chain = List.copyOf(chain);
        present = EnumSet.noneOf(Modifier.class);
        present.addAll(chain);
    }

    /**
     * Reads the names after the field.
     *
     * @param keyword whether there is no field
     * @throws IllegalArgumentException for an unknown modifier or a chain without meaning; the text
     *     is for the author of the rule
     */
    static Modifiers parse(List<String> names, boolean keyword) {
        List<Modifier> chain = new ArrayList<>();
        for (String name : names) {
            Modifier modifier = Modifier.of(name).orElseThrow(() -> unknown(name));
            if (chain.contains(modifier) && !modifier.isEncoding()) {
                throw new IllegalArgumentException("modifier '" + name + "' is there twice");
            }
            chain.add(modifier);
        }
        Modifiers modifiers = new Modifiers(chain);
        modifiers.checkTogether();
        modifiers.checkOrder();
        if (keyword) {
            modifiers.checkKeyword();
        }
        return modifiers;
    }

    boolean has(Modifier modifier) {
        return present.contains(modifier);
    }

    /** In the order of the rule. */
    List<Modifier> chain() {
        return chain;
    }

    /** Whether the value is only what all, neq and the like make of it. */
    boolean changeValue() {
        return chain.stream().anyMatch(m -> m != Modifier.NEQ && m != Modifier.ALL);
    }

    Optional<Pattern.Operator> operator() {
        return first(Modifier.COMPARISONS).map(m -> Pattern.Operator.valueOf(m.name()));
    }

    Optional<Timestamps.Part> timePart() {
        return first(Modifier.TIME_PARTS).map(m -> Timestamps.Part.valueOf(m.name()));
    }

    Pattern.Affix affix() {
        if (has(Modifier.CONTAINS)) {
            return Pattern.Affix.CONTAINS;
        }
        if (has(Modifier.STARTSWITH)) {
            return Pattern.Affix.STARTS_WITH;
        }
        return has(Modifier.ENDSWITH) ? Pattern.Affix.ENDS_WITH : Pattern.Affix.WHOLE;
    }

    private void checkTogether() {
        long kinds = count(Modifier.KINDS);
        boolean partCompared =
                kinds == 2 && count(Modifier.TIME_PARTS) == 1 && count(Modifier.COMPARISONS) == 1;
        boolean oneKind = kinds <= 1 || partCompared;
        boolean textOnly =
                count(Modifier.ENCODINGS) > 0
                        || has(Modifier.WINDASH)
                        || count(Modifier.AFFIXES) > 0
                        || has(Modifier.CASED);
        boolean textKind =
                has(Modifier.FIELDREF) && count(Modifier.ENCODINGS) == 0 && !has(Modifier.WINDASH);
        if (has(Modifier.RE) && count(Modifier.AFFIXES) > 0) {
            throw new IllegalArgumentException(
                    "modifiers "
                            + written()
                            + " exclude each other; a regular expression is found anywhere, use ^"
                            + " and $ to bind it");
        }
        if (!oneKind
                || count(Modifier.AFFIXES) > 1
                || (textOnly && kinds > 0 && !textKind)
                || (has(Modifier.EXISTS) && chain.size() > 1)) {
            throw new IllegalArgumentException("modifiers " + written() + " exclude each other");
        }
        if (count(Modifier.REGEX_FLAGS) > 0 && !has(Modifier.RE)) {
            throw new IllegalArgumentException("modifiers i, m and s go with re only");
        }
    }

    /** "The value modifiers are applied in the given order to the value." */
    private void checkOrder() {
        first(Modifier.REGEX_FLAGS).ifPresent(flag -> refuse(flag, Modifier.RE));
        first(Modifier.COMPARISONS)
                .ifPresent(operator ->
                        first(Modifier.TIME_PARTS).ifPresent(part -> refuse(operator, part)));
        for (Modifier affix : Modifier.AFFIXES) {
            refuse(affix, Modifier.FIELDREF);
            Modifier.BASE64_ENCODINGS.forEach(encoding -> refuse(affix, encoding));
        }
        refuse(Modifier.WINDASH, Modifier.EXPAND);
        Modifier.ENCODINGS.forEach(encoding -> refuse(encoding, Modifier.EXPAND));
        Modifier.KINDS.forEach(kind -> refuse(kind, Modifier.EXPAND));
    }

    /** Refuses a chain in which the second comes after the first. */
    private void refuse(Modifier first, Modifier second) {
        if (has(first) && has(second) && chain.indexOf(first) < chain.lastIndexOf(second)) {
            throw new IllegalArgumentException(
                    "modifiers are applied in their order, and '"
                            + second.written
                            + "' has nothing to do after '"
                            + first.written
                            + "'; write '"
                            + second.written
                            + '|'
                            + first.written
                            + "'");
        }
    }

    private void checkKeyword() {
        boolean needsField =
                chain.stream().anyMatch(m -> Modifier.KINDS.contains(m) && m != Modifier.RE)
                        || has(Modifier.STARTSWITH)
                        || has(Modifier.ENDSWITH);
        if (needsField) {
            throw new IllegalArgumentException(
                    "modifiers "
                            + written()
                            + " need a field; a keyword is found anywhere in the event");
        }
    }

    private Optional<Modifier> first(Set<Modifier> some) {
        return chain.stream().filter(some::contains).findFirst();
    }

    private long count(Set<Modifier> some) {
        return chain.stream().filter(some::contains).count();
    }

    private String written() {
        return String.join(", ", chain.stream().map(modifier -> modifier.written).toList());
    }

    private static IllegalArgumentException unknown(String name) {
        if (name.isEmpty()) {
            return new IllegalArgumentException("a modifier is missing after '|'");
        }
        List<String> known = Arrays.stream(Modifier.values()).map(m -> m.written).toList();
        String hint =
                known.contains(name.toLowerCase(Locale.ROOT))
                        ? "; modifiers are written in lower case"
                        : Spelling.hint(name, known);
        return new IllegalArgumentException("unknown modifier '" + name + "'" + hint);
    }
}
