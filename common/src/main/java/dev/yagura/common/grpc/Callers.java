package dev.yagura.common.grpc;

import dev.yagura.common.error.UnauthenticatedException;
import dev.yagura.common.identity.Principal;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.protobuf.ProtoUtils;
import org.jspecify.annotations.Nullable;

/** The principal of the call that is being served. */
public final class Callers {
    /** Set by the gateway on every call it forwards; believed from the gateway only. */
    public static final Metadata.Key<dev.yagura.proto.type.v1.Principal> PRINCIPAL_HEADER =
            Metadata.Key.of(
                    "yagura-principal-bin",
                    ProtoUtils.metadataMarshaller(
                            dev.yagura.proto.type.v1.Principal.getDefaultInstance()));

    private static final Context.Key<Principal> CURRENT = Context.key("yagura-principal");

    private Callers() {}

    /** Fails closed when the call carries none. */
    public static Principal current() {
        @Nullable Principal principal = CURRENT.get();
        if (principal == null) {
            throw new UnauthenticatedException("the call carries no principal");
        }
        return principal;
    }

    public static Context with(Principal principal) {
        return Context.current().withValue(CURRENT, principal);
    }
}
