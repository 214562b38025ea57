package dev.yagura.cli.output;

/** Text of hosts made safe for a terminal. */
public final class Printable {
    private Printable() {}

    /** Control characters become "·", so that a command line cannot move the cursor. */
    public static String of(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints()
                .forEach(code ->
                        safe.appendCodePoint(
                                Character.isISOControl(code)
                                                || Character.getType(code) == Character.FORMAT
                                        ? '·'
                                        : code));
        return safe.toString();
    }
}
