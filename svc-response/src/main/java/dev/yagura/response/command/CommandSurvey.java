package dev.yagura.response.command;

import dev.yagura.proto.response.v1.RunCommandTarget;
import dev.yagura.response.aws.LiveInstance;
import dev.yagura.response.aws.SsmReader;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.Filter;

/**
 * The document and the instances of a command, as read just now.
 *
 * @param allowed empty when it is not on the allow-list
 * @param installed the version of the allow-list; empty when there is none
 * @param instances those of the ids, or those that run now and have the tags
 * @param nodes by instance; without those that Systems Manager does not manage
 */
record CommandSurvey(
        Optional<AllowedDocument> allowed,
        Optional<SsmReader.Document> installed,
        List<LiveInstance> instances,
        Map<String, SsmReader.Node> nodes) {

    /** Reads everything. Throws what the SDK throws, also for an id that EC2 does not know. */
    static CommandSurvey take(CommandCloud cloud, RunCommandTarget target, CommandConfig config) {
        SsmReader ssmReader = new SsmReader(cloud.ssm());
        Optional<AllowedDocument> allowed = config.document(target.getDocument());
        List<LiveInstance> instances =
                LiveInstance.all(
                                cloud.ec2(),
                                request -> {
                                    if (target.getTagsCount() == 0) {
                                        request.instanceIds(target.getInstanceIdsList());
                                    } else {
                                        request.filters(tags(target));
                                    }
                                })
                        .stream()
                        .sorted(Comparator.comparing(LiveInstance::id))
                        .toList();
        return new CommandSurvey(
                allowed,
                allowed.flatMap(each -> ssmReader.document(each.name(), each.version())),
                instances,
                ssmReader.nodes(instances.stream().map(LiveInstance::id).toList()));
    }

    private static List<Filter> tags(RunCommandTarget target) {
        return Stream.concat(
                        Stream.of(filter("instance-state-name", List.of("running"))),
                        target.getTagsList().stream()
                                .map(tag -> filter("tag:" + tag.getKey(), tag.getValuesList())))
                .toList();
    }

    private static Filter filter(String name, List<String> values) {
        return Filter.builder().name(name).values(values).build();
    }

    List<String> instanceIds() {
        return instances.stream().map(LiveInstance::id).toList();
    }
}
