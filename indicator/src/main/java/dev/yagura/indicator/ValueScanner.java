package dev.yagura.indicator;

/** Looks single values up. Used by one thread. */
final class ValueScanner {
    private static final int LONGEST_NAME = 1024;
    private static final int LONGEST_PATH = 8192;

    private final EventScanner.Hits hits;
    private final AddressReader address = new AddressReader();
    private final UrlReader url = new UrlReader();
    private IndicatorIndex index = new IndicatorIndex(0);

    ValueScanner(EventScanner.Hits hits) {
        this.hits = hits;
    }

    void use(IndicatorIndex current) {
        index = current;
    }

    void hash(String field, IndicatorKind kind, String text) {
        if (!text.isEmpty() && index.has(kind, index.fingerprints().ofHex(kind, text))) {
            parsed(field, text, kind, text);
        }
    }

    /** An address or a name. */
    void host(String field, String text) {
        if (!text.isEmpty()) {
            host(field, text, 0, text.length());
        }
    }

    private void host(String field, String text, int from, int to) {
        boolean bracketed = text.charAt(from) == '[' && text.charAt(to - 1) == ']';
        int first = bracketed ? from + 1 : from;
        int last = bracketed ? to - 1 : to;
        int zone = text.indexOf('%', first);
        int end = zone >= 0 && zone < last ? zone : last;
        if (address.read(text, first, end)) {
            address(field, text, from, to);
        } else {
            name(field, text, from, to);
        }
    }

    private void address(String field, String text, int from, int to) {
        long high = address.high();
        long low = address.low();
        if (index.has(
                IndicatorKind.ADDRESS,
                index.fingerprints().of(IndicatorKind.ADDRESS, high, low, 128))) {
            hits.hit(
                    field,
                    text.substring(from, to),
                    new IndicatorKey(IndicatorKind.ADDRESS, Addresses.format(high, low)));
        }
        // An IPv4 address is in no IPv6 network that is wider than all of IPv4.
        long lengths = address.isV4() ? 0 : index.lowLengths();
        for (; lengths != 0; lengths &= lengths - 1) {
            network(field, text, from, to, Long.numberOfTrailingZeros(lengths));
        }
        lengths = index.highLengths();
        if (address.isV4()) {
            lengths &= -1L << (AddressReader.V4_PREFIX - 64);
        }
        for (; lengths != 0; lengths &= lengths - 1) {
            network(field, text, from, to, 64 + Long.numberOfTrailingZeros(lengths));
        }
    }

    private void network(String field, String text, int from, int to, int length) {
        long high = address.high() & Addresses.highMask(length);
        long low = address.low() & Addresses.lowMask(length);
        if (index.has(
                IndicatorKind.NETWORK,
                index.fingerprints().of(IndicatorKind.NETWORK, high, low, length))) {
            hits.hit(field, text.substring(from, to), Addresses.network(high, low, length));
        }
    }

    /** From its end, so that every name above it is on the way. */
    private void name(String field, String text, int from, int to) {
        int end = to;
        while (end > from && text.charAt(end - 1) == '.') {
            end--;
        }
        if (end == from || end - from > LONGEST_NAME) {
            return;
        }
        long state = index.fingerprints().start();
        for (int position = end - 1; position >= from; position--) {
            char c = text.charAt(position);
            if (c >= 0x80) {
                foreignName(field, text, from, end);
                return;
            }
            if (c == '.') {
                tree(field, text, state, position + 1, end);
            }
            state = Fingerprints.step(state, c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        }
        tree(field, text, state, from, end);
        if (index.has(IndicatorKind.DOMAIN, Fingerprints.finish(state, IndicatorKind.DOMAIN))) {
            parsed(field, text, IndicatorKind.DOMAIN, text.substring(from, end));
        }
    }

    private void tree(String field, String text, long state, int from, int to) {
        if (index.has(
                IndicatorKind.DOMAIN_TREE, Fingerprints.finish(state, IndicatorKind.DOMAIN_TREE))) {
            parsed(field, text, IndicatorKind.DOMAIN_TREE, text.substring(from, to));
        }
    }

    /** Rare: sensors report names as they are on the wire. */
    private void foreignName(String field, String text, int from, int to) {
        try {
            String name = Domains.normal(text.substring(from, to));
            name(field, name, 0, name.length());
        } catch (MalformedIndicatorException e) {
            // No indicator is such a name.
        }
    }

    /** From its end, so that every end of it that begins after a separator is on the way. */
    void path(String field, String text) {
        int end = FilePaths.end(text);
        if (end == 0 || end > LONGEST_PATH) {
            return;
        }
        long state = index.fingerprints().start();
        for (int position = end - 1; position >= 0; position--) {
            char c = text.charAt(position);
            if (FilePaths.isSeparator(c)) {
                file(field, text, state, position + 1, end);
            }
            state = Fingerprints.step(state, FilePaths.fold(c));
        }
        file(field, text, state, 0, end);
    }

    private void file(String field, String text, long state, int from, int to) {
        if (index.has(IndicatorKind.FILE, Fingerprints.finish(state, IndicatorKind.FILE))) {
            hits.hit(
                    field,
                    text,
                    new IndicatorKey(IndicatorKind.FILE, FilePaths.normal(text, from, to)));
        }
    }

    /** Every URL in a text, and the host of each. */
    void urls(String field, String text) {
        int from = 0;
        for (int colon = text.indexOf("://"); colon >= 0; colon = text.indexOf("://", from)) {
            boolean found = url.read(text, colon, from, text.length());
            from = colon + 3;
            if (found) {
                url(field, text);
                host(field, text, url.hostFrom(), url.hostTo());
            }
        }
    }

    /** Looks at each place where the URL may end. */
    private void url(String field, String text) {
        if (!url.isAscii()) {
            foreignUrl(field, text);
            return;
        }
        long state = index.fingerprints().start();
        for (int position = url.schemeFrom(); position < url.schemeTo(); position++) {
            state = Fingerprints.step(state, lower(text.charAt(position)));
        }
        state = Fingerprints.step(state, ':');
        state = Fingerprints.step(state, '/');
        state = Fingerprints.step(state, '/');
        for (int position = url.hostFrom(); position < url.hostTo(); position++) {
            state = Fingerprints.step(state, lower(text.charAt(position)));
        }
        if (url.portFrom() < url.portTo()) {
            state = Fingerprints.step(state, ':');
            for (int position = url.portFrom(); position < url.portTo(); position++) {
                state = Fingerprints.step(state, text.charAt(position));
            }
        }
        if (url.restFrom() == url.restTo() || text.charAt(url.restFrom()) != '/') {
            state = Fingerprints.step(state, '/');
        }
        for (int position = url.restFrom(); position < url.restTo(); position++) {
            char c = text.charAt(position);
            if (UrlReader.mayEndUrl(c)) {
                endOfUrl(field, text, state, position);
            }
            state = Fingerprints.step(state, c);
        }
        endOfUrl(field, text, state, url.restTo());
    }

    private void endOfUrl(String field, String text, long state, int end) {
        if (index.has(IndicatorKind.URL, Fingerprints.finish(state, IndicatorKind.URL))) {
            try {
                hits.hit(
                        field,
                        text.substring(url.schemeFrom(), end),
                        new IndicatorKey(IndicatorKind.URL, url.normal(text, end)));
            } catch (MalformedIndicatorException e) {
                throw new IllegalStateException("an ASCII host needs no conversion", e);
            }
        }
    }

    private void foreignUrl(String field, String text) {
        try {
            IndicatorKey key = new IndicatorKey(IndicatorKind.URL, url.normal(text, url.restTo()));
            if (index.mayHave(key)) {
                hits.hit(field, text.substring(url.schemeFrom(), url.restTo()), key);
            }
        } catch (MalformedIndicatorException e) {
            // No indicator has such a host.
        }
    }

    private void parsed(String field, String value, IndicatorKind kind, String text) {
        try {
            IndicatorKey key = IndicatorKey.parse(kind, text);
            hits.hit(field, value, key);
        } catch (MalformedIndicatorException e) {
            // Another value with the fingerprint of an indicator.
        }
    }

    private static int lower(char c) {
        return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    }
}
