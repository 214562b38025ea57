package dev.yagura.detection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.RemoteErrors;
import dev.yagura.proto.type.v1.Principal;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;

/** A person who calls the service through the gateway. */
public final class TestCaller {
    private TestCaller() {}

    /**
     * Calls as a person.
     *
     * @param account the only one that they may see; every one when it is empty
     */
    public static <S extends AbstractStub<S>> S as(Role role, String account, S stub) {
        Principal.Builder principal =
                Principal.newBuilder()
                        .setKind(PrincipalKind.PRINCIPAL_KIND_USER)
                        .setId("token-1")
                        .setRole(role);
        if (!account.isEmpty()) {
            principal.addAccountIds(account);
        }
        Metadata metadata = new Metadata();
        metadata.put(Callers.PRINCIPAL_HEADER, principal.build());
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    /** The code of an answer that also gives its reason, as every error does. */
    public static Status.Code code(Throwable error) {
        assertThat(RemoteErrors.reason((StatusRuntimeException) error)).isPresent();
        return ((StatusRuntimeException) error).getStatus().getCode();
    }
}
