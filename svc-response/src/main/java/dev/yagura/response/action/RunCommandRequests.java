package dev.yagura.response.action;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.response.v1.DocumentParameter;
import dev.yagura.proto.response.v1.RunCommandTarget;
import dev.yagura.proto.response.v1.TagTarget;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What the target of run_command must look like. */
final class RunCommandRequests {
    private static final String FIELD = "target.run_command.";
    private static final int MOST_INSTANCES = 50;
    private static final int MOST_TAGS = 5;
    private static final int MOST_VALUES = 50;
    private static final int LONGEST_KEY = 128;
    private static final int MOST_BYTES = 64 * 1024;
    private static final Pattern DOCUMENT = Pattern.compile("[a-zA-Z0-9_.-]{3,128}");
    private static final Pattern CONCURRENCY = Pattern.compile("[1-9][0-9]{0,6}|[1-9][0-9]?%|100%");
    private static final Pattern ERRORS = Pattern.compile("[0-9]|[1-9][0-9]{1,6}|[0-9]{1,2}%|100%");

    private RunCommandRequests() {}

    /**
     * @param instance form of instance ids
     */
    static void check(RunCommandTarget target, Pattern instance) {
        require(
                DOCUMENT.matcher(target.getDocument()).matches(),
                "document",
                "is no name of a document",
                "send one of the allow-list, without its version");
        require(
                target.getSerializedSize() <= MOST_BYTES,
                "parameters",
                "have more than 64 KiB",
                "shorten them");
        checkParameters(target.getParametersList());
        require(
                target.getInstanceIdsCount() > 0 != target.getTagsCount() > 0,
                "instance_ids",
                "and tags are both set, or both empty",
                "send ids or tags");
        checkInstances(target.getInstanceIdsList(), instance);
        checkTags(target.getTagsList());
        require(
                target.getMaxConcurrency().isEmpty()
                        || CONCURRENCY.matcher(target.getMaxConcurrency()).matches(),
                "max_concurrency",
                "is neither a number of hosts nor a percentage",
                "send one like 10 or 10%");
        require(
                target.getMaxErrors().isEmpty() || ERRORS.matcher(target.getMaxErrors()).matches(),
                "max_errors",
                "is neither a number of hosts nor a percentage",
                "send one like 0 or 10%");
    }

    private static void checkParameters(List<DocumentParameter> parameters) {
        Set<String> names = new HashSet<>();
        for (DocumentParameter parameter : parameters) {
            require(
                    !parameter.getName().isBlank() && names.add(parameter.getName()),
                    "parameters.name",
                    "is empty or there twice",
                    "send each parameter once, with all its values");
        }
    }

    private static void checkInstances(List<String> ids, Pattern instance) {
        require(
                ids.size() <= MOST_INSTANCES && Set.copyOf(ids).size() == ids.size(),
                "instance_ids",
                "are more than 50, or one is there twice",
                "send at most 50; Systems Manager takes no more in one command");
        require(
                ids.stream().allMatch(id -> instance.matcher(id).matches()),
                "instance_ids",
                "has what is no EC2 instance id",
                "send ids like i-0123456789abcdef0");
    }

    private static void checkTags(List<TagTarget> tags) {
        require(tags.size() <= MOST_TAGS, "tags", "are more than 5", "send fewer");
        for (TagTarget tag : tags) {
            require(
                    !tag.getKey().isBlank() && tag.getKey().length() <= LONGEST_KEY,
                    "tags.key",
                    "is empty or longer than 128 characters",
                    "send the key of a tag");
            require(
                    tag.getValuesCount() > 0
                            && tag.getValuesCount() <= MOST_VALUES
                            && tag.getValuesList().stream()
                                    .noneMatch(RunCommandRequests::isPattern),
                    "tags.values",
                    "is empty, or has more than 50 values or a wildcard",
                    "send the values that an instance may have, each in full");
        }
    }

    /** EC2 would take it for one. */
    private static boolean isPattern(String value) {
        return value.chars().anyMatch(c -> c == '*' || c == '?' || c == '\\');
    }

    private static void require(boolean holds, String field, String problem, String remedy) {
        if (!holds) {
            throw new InvalidFieldException(FIELD + field, problem, remedy);
        }
    }
}
