package dev.yagura.sigma.pack;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * ATT&amp;CK in a rule's tags.
 *
 * @param techniques for example "T1059.004"
 * @param tactics for example "privilege-escalation"
 */
public record AttackTags(List<String> techniques, List<String> tactics) {
    private static final String PREFIX = "attack.";
    private static final Pattern TECHNIQUE = Pattern.compile("t[0-9]{4}(\\.[0-9]{3})?");

    /** Group, software and campaign ids: "g0016", "s0154", "c0015". */
    private static final Pattern OTHER_ID = Pattern.compile("[gsc][0-9]{4}");

    public AttackTags {
        techniques = List.copyOf(techniques);
        tactics = List.copyOf(tactics);
    }

    /** Those of a rule's tags that name tactics or techniques. */
    public static AttackTags of(List<String> tags) {
        List<String> names =
                tags.stream()
                        .map(tag -> tag.toLowerCase(Locale.ROOT))
                        .filter(tag -> tag.startsWith(PREFIX))
                        .map(tag -> tag.substring(PREFIX.length()))
                        .distinct()
                        .toList();
        return new AttackTags(
                names.stream()
                        .filter(name -> TECHNIQUE.matcher(name).matches())
                        .map(name -> name.toUpperCase(Locale.ROOT))
                        .toList(),
                names.stream()
                        .filter(name -> !TECHNIQUE.matcher(name).matches())
                        .filter(name -> !OTHER_ID.matcher(name).matches())
                        .map(name -> name.replace('_', '-'))
                        .distinct()
                        .toList());
    }
}
