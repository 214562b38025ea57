package dev.yagura.indicator;

import java.util.Arrays;
import java.util.Optional;

/** What a value is, and so how it is compared. */
public enum IndicatorKind {
    SHA256(1, "sha256"),
    SHA1(2, "sha1"),
    MD5(3, "md5"),
    ADDRESS(4, "ip"),
    NETWORK(5, "cidr"),
    DOMAIN(6, "domain"),
    DOMAIN_TREE(7, "domain_tree"),
    URL(8, "url"),
    FILE(9, "file");

    private final int code;
    private final String word;

    IndicatorKind(int code, String word) {
        this.code = code;
        this.word = word;
    }

    /** Number in the contract and in stores. */
    public int code() {
        return code;
    }

    /** As people write it. */
    public String word() {
        return word;
    }

    /** The bit of this kind in a set of kinds. */
    int bit() {
        return 1 << code;
    }

    public static Optional<IndicatorKind> ofWord(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    /**
     * The kind with this number.
     *
     * @throws IllegalArgumentException for a number of no kind
     */
    public static IndicatorKind ofCode(int code) {
        return Arrays.stream(values())
                .filter(kind -> kind.code == code)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("no kind of indicator has number " + code));
    }
}
