package dev.yagura.testkit.process;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Random passwords that need no quoting anywhere. */
public final class Passwords {
    private static final int BYTES = 18;

    private Passwords() {}

    /** 144 random bits in hexadecimal. */
    public static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
