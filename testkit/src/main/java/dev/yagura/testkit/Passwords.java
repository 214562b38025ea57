package dev.yagura.testkit;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Random passwords that need no quoting anywhere. */
final class Passwords {
    private static final int BYTES = 18;

    private Passwords() {}

    static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
