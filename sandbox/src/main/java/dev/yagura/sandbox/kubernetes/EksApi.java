package dev.yagura.sandbox.kubernetes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Protocol;
import java.util.List;

/** EKS: DescribeCluster, and the associations of Pod Identity. */
public final class EksApi {
    public static final String NAME = "eks";

    private final Clusters clusters;

    private EksApi(Clusters clusters) {
        this.clusters = clusters;
    }

    public static Api of(Clusters clusters) {
        EksApi eks = new EksApi(clusters);
        return Api.of(
                NAME,
                Protocol.REST_JSON,
                "",
                "",
                false,
                List.of(
                        Operation.named("DescribeCluster", eks::describeCluster)
                                .on(eks::arn)
                                .needs(EksRequest.CLUSTER),
                        Operation.named("ListPodIdentityAssociations", eks::list)
                                .on(eks::arn)
                                .needs(EksRequest.CLUSTER)
                                .knows("namespace", "serviceAccount", "maxResults", "nextToken"),
                        Operation.named("DescribePodIdentityAssociation", eks::describe)
                                .needs(EksRequest.CLUSTER, EksRequest.ASSOCIATION)));
    }

    private List<String> arn(Parameters parameters) {
        return List.of(clusters.arn(parameters.text(EksRequest.CLUSTER).orElse("")));
    }

    private EksCluster cluster(Call call) {
        String name = call.parameters().required(EksRequest.CLUSTER);
        return clusters.find(name)
                .orElseThrow(() -> notFound("No cluster found for name: " + name));
    }

    private Body describeCluster(Call call) {
        EksCluster cluster = cluster(call);
        ObjectNode answer = object();
        ObjectNode found = answer.putObject("cluster");
        found.put("name", cluster.name())
                .put("arn", clusters.arn(cluster.name()))
                .put("status", "ACTIVE")
                .put("version", "1.33")
                .put("endpoint", clusters.server().endpoint() + "/" + cluster.name());
        found.putObject("certificateAuthority").put("data", clusters.server().authority());
        found.putObject("resourcesVpcConfig").put("endpointPublicAccess", true);
        found.putObject("tags");
        return new Body.Members(answer);
    }

    private Body list(Call call) {
        ObjectNode answer = object();
        ArrayNode list = answer.putArray("associations");
        EksCluster cluster = cluster(call);
        cluster.identities().stream()
                .filter(each -> is(call, "namespace", each.namespace()))
                .filter(each -> is(call, "serviceAccount", each.serviceAccount()))
                .forEach(each ->
                        list.addObject()
                                .put("clusterName", cluster.name())
                                .put("namespace", each.namespace())
                                .put("serviceAccount", each.serviceAccount())
                                .put("associationId", each.id()));
        return new Body.Members(answer);
    }

    private static boolean is(Call call, String parameter, String value) {
        return call.parameters().text(parameter).filter(each -> !each.equals(value)).isEmpty();
    }

    private Body describe(Call call) {
        String id = call.parameters().required(EksRequest.ASSOCIATION);
        EksCluster.PodIdentity found =
                cluster(call).identities().stream()
                        .filter(each -> each.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> notFound("No association found with id: " + id));
        ObjectNode answer = object();
        answer.putObject("association")
                .put("associationId", found.id())
                .put("namespace", found.namespace())
                .put("serviceAccount", found.serviceAccount())
                .put("roleArn", found.roleArn());
        return new Body.Members(answer);
    }

    private static ApiFault notFound(String text) {
        return new ApiFault("ResourceNotFoundException", 404, text);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
