package dev.yagura.detection.indicator;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.ids.ResourceName;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Names of lists and of their indicators. */
final class ListName {
    private static final Pattern ID = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final String PREFIX = IndicatorList.COLLECTION + "/";
    private static final String MEMBERS = "/indicators/";

    private ListName() {}

    /** A list, or one of its indicators. */
    record Target(String list, Optional<UUID> indicator) {}

    static String checkId(String field, String id) {
        if (!ID.matcher(id).matches()) {
            throw new InvalidFieldException(
                    field,
                    id.isEmpty() ? "is empty" : "is no id of a list",
                    "send 1 to 63 of a-z, 0-9 and -, a letter or digit at both ends");
        }
        return id;
    }

    /** The id in "indicatorLists/{list}". */
    static String list(String field, String name) {
        if (!name.startsWith(PREFIX) || name.contains(MEMBERS)) {
            throw new InvalidFieldException(
                    field,
                    name.isEmpty() ? "is empty" : "is not the name of a list",
                    "send \"" + PREFIX + "{list}\"");
        }
        return checkId(field, name.substring(PREFIX.length()));
    }

    /** Both ids in "indicatorLists/{list}/indicators/{uuid}". */
    static Target indicator(String field, String name) {
        int members = name.indexOf(MEMBERS);
        if (members < 0) {
            throw new InvalidFieldException(
                    field,
                    name.isEmpty() ? "is empty" : "is not the name of an indicator",
                    "send \"" + PREFIX + "{list}" + MEMBERS + "{uuid}\"");
        }
        return new Target(
                list(field, name.substring(0, members)),
                Optional.of(ResourceName.parse(field, "indicators", name.substring(members + 1))));
    }

    static Target target(String field, String name) {
        return name.contains(MEMBERS)
                ? indicator(field, name)
                : new Target(list(field, name), Optional.empty());
    }
}
