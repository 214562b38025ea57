package dev.yagura.detection.incident;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** ATT&CK enterprise tactics in the order of the matrix. */
final class Tactics {
    static final List<String> ORDER =
            List.of(
                    "reconnaissance",
                    "resource-development",
                    "initial-access",
                    "execution",
                    "persistence",
                    "privilege-escalation",
                    "stealth",
                    "defense-evasion",
                    "defense-impairment",
                    "credential-access",
                    "discovery",
                    "lateral-movement",
                    "collection",
                    "command-and-control",
                    "exfiltration",
                    "impact");

    static final Comparator<String> IN_ORDER =
            Comparator.<String>comparingInt(Tactics::place)
                    .thenComparing(Comparator.naturalOrder());

    private Tactics() {}

    /** Sigma writes "command_and_control" or "command-and-control". */
    static String normalized(String tactic) {
        return tactic.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
    }

    private static int place(String tactic) {
        int index = ORDER.indexOf(tactic);
        return index < 0 ? ORDER.size() : index;
    }
}
