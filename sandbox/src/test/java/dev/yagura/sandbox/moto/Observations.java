package dev.yagura.sandbox.moto;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/**
 * What a script saw of an AWS API, freed from what differs by nature: ids are numbered in the order
 * of their appearance; addresses, accounts and times become words.
 */
final class Observations {
    private static final Pattern ID =
            Pattern.compile("\\b(sgr|sg|eni-attach|eni|i|vpc|subnet|vol|r|ami)-[0-9a-f]{8,17}\\b");
    private static final Pattern ADDRESS = Pattern.compile("\\b\\d{1,3}(\\.\\d{1,3}){3}\\b(?!/)");
    private static final Pattern ACCOUNT = Pattern.compile("\\b\\d{12}\\b");

    private final List<String> seen = new ArrayList<>();
    private final Map<String, String> numbered = new HashMap<>();

    List<String> all() {
        return seen;
    }

    /** Notes the fields at the paths, for example {@code instances.networkInterfaces.groups}. */
    void fields(String what, SdkPojo answer, String... paths) {
        for (String path : paths) {
            List<String> values = new ArrayList<>();
            collect(answer, List.of(path.split("\\.")), values);
            seen.add("%s %s = %s".formatted(what, path, values));
        }
    }

    /** Notes of the fields at the paths only what kind of value they have. */
    void kinds(String what, SdkPojo answer, String... paths) {
        for (String path : paths) {
            List<String> values = new ArrayList<>();
            collect(answer, List.of(path.split("\\.")), values);
            seen.add(
                    "%s %s: %s"
                            .formatted(
                                    what,
                                    path,
                                    values.stream()
                                            .map(value -> value.replaceAll("#\\d+", ""))
                                            .distinct()
                                            .toList()));
        }
    }

    void value(String what, Object value) {
        seen.add("%s = %s".formatted(what, plain(value)));
    }

    /** Notes the error code and HTTP status of a refusal. */
    void refusal(String what, ThrowingCallable call) {
        try {
            call.call();
            seen.add(what + " = accepted");
        } catch (AwsServiceException e) {
            seen.add("%s = %d %s".formatted(what, e.statusCode(), e.awsErrorDetails().errorCode()));
        } catch (Throwable e) {
            throw new AssertionError(what, e);
        }
    }

    private void collect(@Nullable Object value, List<String> path, List<String> into) {
        if (value instanceof List<?> list) {
            list.forEach(item -> collect(item, path, into));
        } else if (path.isEmpty() || !(value instanceof SdkPojo pojo)) {
            into.add(plain(value));
        } else {
            SdkField<?> field =
                    pojo.sdkFields().stream()
                            .filter(f -> f.memberName().equalsIgnoreCase(path.getFirst()))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError("no field " + path));
            collect(field.getValueOrDefault(pojo), path.subList(1, path.size()), into);
        }
    }

    private String plain(@Nullable Object value) {
        if (value == null) {
            return "absent";
        }
        if (value instanceof Instant) {
            return "time";
        }
        Matcher ids = ID.matcher(value.toString());
        String text =
                ids.replaceAll(id ->
                        numbered.computeIfAbsent(
                                id.group(), key -> id.group(1) + "#" + numbered.size()));
        return ACCOUNT.matcher(ADDRESS.matcher(text).replaceAll("address")).replaceAll("account");
    }
}
