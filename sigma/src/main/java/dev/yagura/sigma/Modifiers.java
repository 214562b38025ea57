package dev.yagura.sigma;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The modifiers of one field, as flags, checked to go together. */
final class Modifiers {
    private final Set<Modifier> flags;
    private final List<Modifier> encodings;

    /** Sigma's names in lower case. */
    enum Modifier {
        ALL("all"),
        CONTAINS("contains"),
        STARTSWITH("startswith"),
        ENDSWITH("endswith"),
        CASED("cased"),
        NEQ("neq"),
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
        GTE("gte");

        private static final Set<Modifier> ENCODINGS =
                EnumSet.of(BASE64, BASE64OFFSET, WIDE, UTF16LE, UTF16BE, UTF16);
        private static final Set<Modifier> REGEX_FLAGS =
                EnumSet.of(IGNORE_CASE, MULTI_LINE, DOT_ALL);
        private static final Set<Modifier> COMPARISONS = EnumSet.of(LT, LTE, GT, GTE);
        private static final Set<Modifier> AFFIXES = EnumSet.of(CONTAINS, STARTSWITH, ENDSWITH);
        private static final Set<Modifier> KINDS =
                EnumSet.of(RE, CIDR, EXISTS, FIELDREF, LT, LTE, GT, GTE);

        private final String written;

        Modifier(String written) {
            this.written = written;
        }

        private static Optional<Modifier> of(String name) {
            for (Modifier modifier : values()) {
                if (modifier.written.equals(name)) {
                    return Optional.of(modifier);
                }
            }
            return Optional.empty();
        }
    }

    private Modifiers(Set<Modifier> flags, List<Modifier> encodings) {
        this.flags = flags;
        this.encodings = encodings;
    }

    /**
     * Reads the names after the field.
     *
     * @throws IllegalArgumentException for an unknown modifier or a combination without meaning;
     *     the text is for the author of the rule
     */
    static Modifiers parse(List<String> names) {
        Set<Modifier> flags = EnumSet.noneOf(Modifier.class);
        List<Modifier> encodings = new ArrayList<>();
        for (String name : names) {
            Modifier modifier = Modifier.of(name).orElseThrow(() -> unknown(name));
            if (Modifier.ENCODINGS.contains(modifier)) {
                encodings.add(modifier);
            } else if (!flags.add(modifier)) {
                throw new IllegalArgumentException("modifier '" + name + "' is there twice");
            }
        }
        Modifiers modifiers = new Modifiers(flags, encodings);
        modifiers.check();
        return modifiers;
    }

    boolean has(Modifier modifier) {
        return flags.contains(modifier);
    }

    /** Encodings in the order of the rule. */
    List<Modifier> encodings() {
        return encodings;
    }

    Optional<Pattern.Operator> operator() {
        return Modifier.COMPARISONS.stream()
                .filter(flags::contains)
                .map(modifier -> Pattern.Operator.valueOf(modifier.name()))
                .findFirst();
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

    private void check() {
        long kinds = count(Modifier.KINDS);
        long affixes = count(Modifier.AFFIXES);
        if (kinds > 1 || affixes > 1) {
            throw new IllegalArgumentException("modifiers " + written() + " exclude each other");
        }
        boolean affixWithKind = affixes > 0 && kinds > 0 && !has(Modifier.FIELDREF);
        boolean textOnly = !encodings.isEmpty() || has(Modifier.WINDASH);
        boolean casedKind = has(Modifier.CASED) && kinds > 0 && !has(Modifier.FIELDREF);
        if (affixWithKind || casedKind || (textOnly && kinds > 0)) {
            throw new IllegalArgumentException("modifiers " + written() + " exclude each other");
        }
        if (count(Modifier.REGEX_FLAGS) > 0 && !has(Modifier.RE)) {
            throw new IllegalArgumentException("modifiers i, m and s go with re only");
        }
    }

    private long count(Set<Modifier> some) {
        return some.stream().filter(flags::contains).count();
    }

    private String written() {
        List<String> names = new ArrayList<>(flags.stream().map(flag -> flag.written).toList());
        encodings.forEach(encoding -> names.add(encoding.written));
        return String.join(", ", names);
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException(
                switch (name) {
                    case "expand" -> "modifier 'expand' needs placeholders, which are not served";
                    case "minute", "hour", "day", "week", "month", "year" ->
                            "time modifier '" + name + "' is not served";
                    case "" -> "a modifier is missing after '|'";
                    default -> "unknown modifier '" + name + "'";
                });
    }
}
