package dev.yagura.gateway.token;

import com.google.protobuf.Timestamp;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.common.paging.PageSize;
import dev.yagura.common.paging.PageTokens;
import dev.yagura.proto.gateway.v1.CreateTokenRequest;
import dev.yagura.proto.gateway.v1.CreateTokenResponse;
import dev.yagura.proto.gateway.v1.ListTokensRequest;
import dev.yagura.proto.gateway.v1.ListTokensResponse;
import dev.yagura.proto.gateway.v1.RevokeTokenRequest;
import dev.yagura.proto.gateway.v1.TokenServiceGrpc;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** TokenService. Not a bean: the platform's server of service peers must not serve it. */
public final class TokenEndpoint extends TokenServiceGrpc.TokenServiceImplBase {
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_PAGE = 500;
    private static final PageTokens PAGES =
            PageTokens.of("yagura.gateway.v1.TokenService/ListTokens", new byte[0], "id desc");

    private final TokenCatalog tokens;

    public TokenEndpoint(TokenCatalog tokens) {
        this.tokens = tokens;
    }

    @Override
    public void createToken(
            CreateTokenRequest request, StreamObserver<CreateTokenResponse> observer) {
        Replies.unary(
                observer,
                () -> {
                    TokenCatalog.Created created =
                            tokens.create(
                                    new TokenCatalog.Wish(
                                            request.getDisplayName(),
                                            request.getRole(),
                                            request.getAccountIdsList(),
                                            life(request),
                                            false,
                                            request.getAutomation()));
                    return CreateTokenResponse.newBuilder()
                            .setToken(proto(created.token()))
                            .setSecret(created.secret().reveal())
                            .build();
                });
    }

    @Override
    public void listTokens(ListTokensRequest request, StreamObserver<ListTokensResponse> observer) {
        Replies.unary(
                observer,
                () -> {
                    int size = PageSize.of(request.getPageSize(), DEFAULT_PAGE, MAX_PAGE);
                    Optional<UUID> below =
                            PAGES.read(request.getPageToken()).map(key -> key.uuid(0));
                    List<Token> found = tokens.list(below, size + 1);
                    List<Token> page = found.subList(0, Math.min(size, found.size()));
                    ListTokensResponse.Builder response = ListTokensResponse.newBuilder();
                    page.forEach(token -> response.addTokens(proto(token)));
                    if (found.size() > size) {
                        response.setNextPageToken(PAGES.next(page.getLast().id().toString()));
                    }
                    return response.build();
                });
    }

    @Override
    public void revokeToken(
            RevokeTokenRequest request,
            StreamObserver<dev.yagura.proto.gateway.v1.Token> observer) {
        Replies.unary(
                observer,
                () ->
                        proto(
                                tokens.revoke(
                                        ResourceName.parse(
                                                TokenCatalog.COLLECTION, request.getName()))));
    }

    private static Duration life(CreateTokenRequest request) {
        if (!request.hasTtl()) {
            return TokenCatalog.DEFAULT_LIFE;
        }
        try {
            return Duration.ofSeconds(request.getTtl().getSeconds(), request.getTtl().getNanos());
        } catch (ArithmeticException e) {
            throw new InvalidFieldException("ttl", "is out of range", "send 1 s to 365 days");
        }
    }

    private static dev.yagura.proto.gateway.v1.Token proto(Token token) {
        dev.yagura.proto.gateway.v1.Token.Builder message =
                dev.yagura.proto.gateway.v1.Token.newBuilder()
                        .setName(ResourceName.of(TokenCatalog.COLLECTION, token.id()))
                        .setDisplayName(token.displayName())
                        .setRole(token.role())
                        .addAllAccountIds(token.accountIds())
                        .setAutomation(token.automation())
                        .setCreateTime(timestamp(token.createTime()))
                        .setExpireTime(timestamp(token.expireTime()));
        token.revokeTime().ifPresent(time -> message.setRevokeTime(timestamp(time)));
        return message.build();
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
