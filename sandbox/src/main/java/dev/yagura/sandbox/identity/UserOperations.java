package dev.yagura.sandbox.identity;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Xml;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** GetUser, and the access keys of users: List, last use, Update. */
final class UserOperations {
    private static final Pattern KEY_ID = Pattern.compile("\\w{16,128}");

    private final Directory directory;

    UserOperations(Directory directory) {
        this.directory = directory;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("GetUser", this::get).needs("UserName"),
                Operation.named("ListAccessKeys", this::listKeys).needs("UserName"),
                Operation.named("GetAccessKeyLastUsed", this::lastUsed).needs("AccessKeyId"),
                Operation.named("UpdateAccessKey", this::update)
                        .needs("UserName", "AccessKeyId", "Status"));
    }

    private Body get(Call call) {
        User user = user(call);
        return Xml.ofMembers()
                .element(
                        "User",
                        xml ->
                                xml.text("Path", "/")
                                        .text("UserName", user.name())
                                        .text("UserId", user.id())
                                        .text("Arn", user.arn())
                                        .text("CreateDate", user.createdAt())
                                        .list("Tags", sorted(user.tags()), UserOperations::tag))
                .body();
    }

    private Body listKeys(Call call) {
        User user = user(call);
        return Xml.ofMembers()
                .list(
                        "AccessKeyMetadata",
                        user.keys(),
                        (xml, key) ->
                                xml.text("UserName", user.name())
                                        .text("AccessKeyId", key.id())
                                        .text("Status", key.isActive() ? "Active" : "Inactive")
                                        .text("CreateDate", key.createdAt()))
                .text("IsTruncated", false)
                .body();
    }

    private Body lastUsed(Call call) {
        String id = keyId(call);
        User owner = directory.ownerOf(id).orElseThrow(() -> noSuchKey(id));
        AccessKey.Use use = key(owner, id).lastUse();
        return Xml.ofMembers()
                .text("UserName", owner.name())
                .element(
                        "AccessKeyLastUsed",
                        xml ->
                                xml.text("LastUsedDate", use == null ? null : use.at())
                                        .text("ServiceName", use == null ? "N/A" : use.service())
                                        .text("Region", use == null ? "N/A" : use.region()))
                .body();
    }

    private Body update(Call call) {
        AccessKey key = key(user(call), keyId(call));
        String status = call.parameters().required("Status");
        switch (status) {
            case "Active" -> key.setActive(true);
            case "Inactive" -> key.setActive(false);
            default ->
                    throw ApiFault.of(
                            "ValidationError",
                            "1 validation error detected: Value '%s' at 'status' failed to satisfy"
                                    + " constraint: Member must satisfy enum value set: [Active,"
                                    + " Inactive]",
                            status);
        }
        return Xml.ofMembers().body();
    }

    private User user(Call call) {
        String name = call.parameters().required("UserName");
        return directory.user(name).orElseThrow(() -> IamApi.noSuchEntity("user", name));
    }

    private static String keyId(Call call) {
        String id = call.parameters().required("AccessKeyId");
        if (!KEY_ID.matcher(id).matches()) {
            throw ApiFault.of(
                    "ValidationError",
                    "1 validation error detected: Value '%s' at 'accessKeyId' failed to satisfy"
                            + " constraint: Member must satisfy regular expression pattern: [\\w]+",
                    id);
        }
        return id;
    }

    private static AccessKey key(User user, String id) {
        return user.keys().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> noSuchKey(id));
    }

    private static ApiFault noSuchKey(String id) {
        return new ApiFault(
                "NoSuchEntity", 404, "The Access Key with id %s cannot be found.".formatted(id));
    }

    static Iterable<Map.Entry<String, String>> sorted(Map<String, String> tags) {
        return new TreeMap<>(tags).entrySet();
    }

    static void tag(Xml xml, Map.Entry<String, String> tag) {
        xml.text("Key", tag.getKey()).text("Value", tag.getValue());
    }
}
