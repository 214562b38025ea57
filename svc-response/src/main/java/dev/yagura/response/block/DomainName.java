package dev.yagura.response.block;

/**
 * A domain as DNS Firewall reads it.
 *
 * @param base without "*."
 * @param beneath all names beneath it, and not itself; else only itself
 */
record DomainName(String base, boolean beneath) {
    private static final String WILDCARD = "*.";

    static DomainName parse(String text) {
        return text.startsWith(WILDCARD)
                ? new DomainName(text.substring(WILDCARD.length()), true)
                : new DomainName(text, false);
    }

    /** Whether it hits a domain or any name beneath that one. */
    boolean hits(String domain) {
        return isWithin(base, domain) || (beneath && isWithin(domain, base));
    }

    private static boolean isWithin(String name, String domain) {
        return name.equals(domain) || name.endsWith("." + domain);
    }
}
