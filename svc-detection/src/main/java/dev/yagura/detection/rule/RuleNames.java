package dev.yagura.detection.rule;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.ids.ResourceName;
import java.util.UUID;

/** Names of rules and of what belongs to them, in fields of requests. */
final class RuleNames {
    private static final String RULES = "rules/";
    private static final String PACKS = "rulePacks/";
    private static final String DEPLOYMENT = "/deployment";
    private static final String EXCEPTIONS = "/exceptions/";

    private RuleNames() {}

    /** An exception's name in parts. */
    record ExceptionName(String rule, UUID id) {}

    /** "rules/{pack}/{key}" */
    static String rule(String field, String name) {
        if (!name.startsWith(RULES) || name.split("/", -1).length != 3) {
            throw new InvalidFieldException(
                    field, "is not the name of a rule", "send \"rules/{pack}/{rule id}\"");
        }
        return name;
    }

    /** The rule of "rules/{pack}/{key}/deployment". */
    static String ofDeployment(String field, String name) {
        if (!name.endsWith(DEPLOYMENT)) {
            throw new InvalidFieldException(
                    field,
                    "is not the name of a deployment",
                    "send \"rules/{pack}/{rule id}/deployment\"");
        }
        return rule(field, name.substring(0, name.length() - DEPLOYMENT.length()));
    }

    /** "rules/{pack}/{key}/exceptions/{uuid}" */
    static ExceptionName exception(String field, String name) {
        int at = name.indexOf(EXCEPTIONS);
        if (at < 0) {
            throw new InvalidFieldException(
                    field,
                    "is not the name of an exception",
                    "send \"rules/{pack}/{rule id}/exceptions/{uuid}\"");
        }
        return new ExceptionName(
                rule(field, name.substring(0, at)),
                ResourceName.parse(field, "exceptions", name.substring(at + 1)));
    }

    /** The pack of "rulePacks/{pack}". */
    static String pack(String field, String name) {
        if (!name.startsWith(PACKS)) {
            throw new InvalidFieldException(
                    field, "is not the name of a pack", "send \"rulePacks/{pack}\"");
        }
        return name.substring(PACKS.length());
    }

    static String ofPack(String pack) {
        return PACKS + pack;
    }
}
