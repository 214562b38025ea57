package dev.yagura.common.ids;

import dev.yagura.common.error.InvalidFieldException;
import java.util.Optional;
import java.util.UUID;

/** Names of resources on the wire: "alerts/0198c1c4-…". */
public final class ResourceName {
    private static final int UUID_LENGTH = 36;

    private ResourceName() {}

    /** The name of a resource, for example "alerts/0198c1c4-…". */
    public static String of(String collection, UUID id) {
        return collection + "/" + id;
    }

    /**
     * The id in a request's field "name".
     *
     * @param collection for example "alerts"
     * @throws InvalidFieldException when the name is of another form
     */
    public static UUID parse(String collection, String name) {
        return parse("name", collection, name);
    }

    /**
     * The id in any field of a request.
     *
     * @param field path of the field in the request, for example "filter.incident"
     * @throws InvalidFieldException when the name is of another form
     */
    public static UUID parse(String field, String collection, String name) {
        String prefix = collection + "/";
        Optional<UUID> id =
                name.startsWith(prefix) ? uuid(name.substring(prefix.length())) : Optional.empty();
        return id.orElseThrow(() ->
                new InvalidFieldException(
                        field,
                        name.isEmpty() ? "is empty" : "is not the name of a resource here",
                        "send \"" + prefix + "{uuid}\""));
    }

    /** Strict: {@link UUID#fromString} takes shortened groups too. */
    private static Optional<UUID> uuid(String text) {
        if (text.length() != UUID_LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
