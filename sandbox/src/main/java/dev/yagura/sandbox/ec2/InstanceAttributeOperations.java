package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.MetadataOptions;
import dev.yagura.sandbox.world.Protection;
import dev.yagura.sandbox.world.Volume;
import dev.yagura.sandbox.world.World;
import java.util.List;

/**
 * DescribeInstanceAttribute and ModifyInstanceAttribute, for the two kinds of protection; which
 * volumes end with the instance; ModifyInstanceMetadataOptions.
 */
final class InstanceAttributeOperations {
    private static final String TERMINATION = "disableApiTermination";
    private static final String STOP = "disableApiStop";

    private static final String SET_TERMINATION = "DisableApiTermination";
    private static final String SET_STOP = "DisableApiStop";

    private final World world;

    InstanceAttributeOperations(World world) {
        this.world = world;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("DescribeInstanceAttribute", this::describe)
                        .needs("InstanceId", "Attribute"),
                Operation.named("ModifyInstanceAttribute", this::modify)
                        .needs("InstanceId")
                        .knows(SET_TERMINATION + ".Value", SET_STOP + ".Value")
                        .knows(
                                "BlockDeviceMapping.N.DeviceName",
                                "BlockDeviceMapping.N.Ebs.DeleteOnTermination"),
                Operation.named("ModifyInstanceMetadataOptions", this::modifyMetadata)
                        .needs("InstanceId")
                        .knows("HttpTokens", "HttpEndpoint", "HttpPutResponseHopLimit"));
    }

    private Body describe(Call call) {
        Instance instance = instance(call.parameters());
        String attribute = call.parameters().required("Attribute");
        boolean value =
                switch (attribute) {
                    case TERMINATION -> instance.protection().termination();
                    case STOP -> instance.protection().stop();
                    default ->
                            throw ApiFault.of(
                                    "InvalidParameterValue",
                                    "Value (%s) for parameter attribute is invalid, or the sandbox"
                                            + " does not have it.",
                                    attribute);
                };
        return Xml.ofItems()
                .text("instanceId", instance.id())
                .element(attribute, item -> item.text("value", value))
                .body();
    }

    /** One attribute a call (EC2 API reference, ModifyInstanceAttribute). */
    private Body modify(Call call) {
        Parameters parameters = call.parameters();
        Instance instance = instance(parameters);
        if (parameters.has("BlockDeviceMapping")) {
            parameters.structures("BlockDeviceMapping").forEach(each -> keep(instance, each));
            return Xml.ofItems().text("return", true).body();
        }
        boolean termination = parameters.has(SET_TERMINATION);
        if (termination == parameters.has(SET_STOP)) {
            throw ApiFault.of(
                    termination ? "InvalidParameterCombination" : "MissingParameter",
                    termination
                            ? "Fields for multiple attribute types specified"
                            : "The request must contain one attribute to modify");
        }
        String attribute = termination ? SET_TERMINATION : SET_STOP;
        if (instance.spot()) {
            // That it cannot be done is documented; the code is not.
            throw ApiFault.of(
                    "UnsupportedOperation",
                    "The attribute %s cannot be changed for the Spot Instance '%s'.",
                    attribute,
                    instance.id());
        }
        boolean value = parameters.flag(attribute + ".Value").orElse(false);
        Protection changed =
                termination
                        ? instance.protection().withTermination(value)
                        : instance.protection().withStop(value);
        world.instances().put(instance.with(changed));
        return Xml.ofItems().text("return", true).body();
    }

    /** What is not given stays. */
    private Body modifyMetadata(Call call) {
        Parameters parameters = call.parameters();
        Instance instance = instance(parameters);
        MetadataOptions before = instance.metadata();
        MetadataOptions after =
                new MetadataOptions(
                        is(parameters, "HttpEndpoint", "enabled", "disabled", before.enabled()),
                        is(
                                parameters,
                                "HttpTokens",
                                "required",
                                "optional",
                                before.tokensRequired()),
                        parameters.integer("HttpPutResponseHopLimit").orElse(before.hopLimit()));
        world.instances().put(instance.with(after));
        return Xml.ofItems()
                .text("instanceId", instance.id())
                .element(
                        "instanceMetadataOptions",
                        options ->
                                options.text("state", "pending")
                                        .text(
                                                "httpTokens",
                                                after.tokensRequired() ? "required" : "optional")
                                        .text("httpPutResponseHopLimit", after.hopLimit())
                                        .text(
                                                "httpEndpoint",
                                                after.enabled() ? "enabled" : "disabled"))
                .body();
    }

    private static boolean is(
            Parameters parameters, String name, String yes, String no, boolean before) {
        String value = parameters.text(name).orElse(before ? yes : no);
        if (!value.equals(yes) && !value.equals(no)) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Value (%s) for parameter %s is invalid.",
                    value,
                    name);
        }
        return value.equals(yes);
    }

    private void keep(Instance instance, Parameters mapping) {
        String device = mapping.required("DeviceName");
        boolean ends = mapping.flag("Ebs.DeleteOnTermination").orElse(false);
        for (Volume volume : world.volumesOf(instance.id())) {
            Volume.Attached place = volume.attachment();
            if (place != null && place.device().equals(device)) {
                world.volumes().put(volume.with(place.withDeleteOnTermination(ends)));
                return;
            }
        }
        throw ApiFault.of(
                "InvalidInstanceAttributeValue", "No device is currently mapped at %s", device);
    }

    private Instance instance(Parameters parameters) {
        return ResourceKind.INSTANCE.find(world.instances(), parameters.required("InstanceId"));
    }
}
