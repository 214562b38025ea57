package dev.yagura.sandbox.kms;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Protocol;
import dev.yagura.sandbox.world.KmsKey;
import dev.yagura.sandbox.world.World;
import java.util.List;
import java.util.function.Function;

/** KMS: DescribeKey, DisableKey, EnableKey, by the key's ARN. */
public final class KmsApi {
    private static final String KEY = "KeyId";

    private final World world;

    private KmsApi(World world) {
        this.world = world;
    }

    public static Api of(World world) {
        KmsApi kms = new KmsApi(world);
        return Api.of(
                "kms",
                Protocol.JSON,
                "",
                "TrentService",
                false,
                List.of(
                        on("DescribeKey", kms::describe),
                        on("DisableKey", call -> kms.enable(call, false)),
                        on("EnableKey", call -> kms.enable(call, true))));
    }

    private static Operation on(String name, Function<Call, Body> action) {
        return Operation.named(name, action)
                .needs(KEY)
                .on(parameters -> List.of(parameters.required(KEY)));
    }

    private Body describe(Call call) {
        KmsKey key = key(call);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.putObject("KeyMetadata")
                .put(KEY, key.id().substring(key.id().indexOf('/') + 1))
                .put("Arn", key.id())
                .put("AWSAccountId", world.account().id())
                .put("Enabled", key.enabled())
                .put("KeyState", key.enabled() ? "Enabled" : "Disabled")
                .put("KeyManager", key.awsManaged() ? "AWS" : "CUSTOMER");
        return new Body.Members(answer);
    }

    private Body enable(Call call, boolean enabled) {
        KmsKey key = key(call);
        world.kmsKeys().put(new KmsKey(key.id(), key.awsManaged(), enabled));
        return new Body.Members(JsonNodeFactory.instance.objectNode());
    }

    private KmsKey key(Call call) {
        String arn = call.parameters().required(KEY);
        return world.kmsKeys()
                .find(arn)
                .orElseThrow(
                        () -> ApiFault.of("NotFoundException", "Key '" + arn + "' does not exist"));
    }
}
