package dev.yagura.inventory.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.WatchAssetsRequest;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ListAssetsTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final Scope SCOPE = Enrolling.scope("100000000051");
    private static final Hosts HOSTS = new Hosts(SERVICE, SCOPE);
    private static final Map<String, AssetFilter> BAD_FILTERS =
            Map.of(
                    "filter.state",
                    AssetFilter.newBuilder().setStateValue(99).build(),
                    "filter.instance_id",
                    AssetFilter.newBuilder().setInstanceId("i-\0").build(),
                    "filter.resource_type",
                    AssetFilter.newBuilder().setResourceType("A".repeat(256)).build());

    @Test
    void pagesNeitherSkipNorRepeatWhileAssetsAreWritten() {
        List<String> before = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            before.add(HOSTS.enroll("before-" + i));
        }
        List<String> seen = new ArrayList<>();
        ListAssetsRequest request = page("");
        ListAssetsResponse page;
        do {
            page = stub().listAssets(request);
            page.getAssetsList().forEach(asset -> seen.add(asset.getName()));
            if (seen.size() < before.size()) {
                HOSTS.enroll("between-" + seen.size());
                rewriteRows();
            }
            request = page(page.getNextPageToken());
        } while (!page.getNextPageToken().isEmpty());
        assertThat(seen).doesNotHaveDuplicates().containsAll(before).isSorted();
    }

    @Test
    void pageTokenOfAnotherFilterNamesTheField() throws Exception {
        for (int i = 0; i < 3; i++) {
            HOSTS.enroll("token-" + i);
        }
        String token = stub().listAssets(page("")).getNextPageToken();
        assertThat(token).isNotEmpty();
        for (AssetFilter other :
                List.of(
                        AssetFilter.newBuilder().setResourceType(Asset.HOST).build(),
                        AssetFilter.newBuilder().setInstanceId("i-0123456789abcdef0").build(),
                        AssetFilter.newBuilder()
                                .setState(AssetState.ASSET_STATE_TOMBSTONE)
                                .build())) {
            refused(
                    "page_token",
                    () -> stub().listAssets(page(token).toBuilder().setFilter(other).build()));
        }
        refused("page_token", () -> stub().listAssets(page(token.substring(1))));
    }

    @Test
    void badValuesNameTheirField() throws Exception {
        for (var bad : BAD_FILTERS.entrySet()) {
            refused(
                    bad.getKey(),
                    () ->
                            stub().listAssets(
                                            ListAssetsRequest.newBuilder()
                                                    .setFilter(bad.getValue())
                                                    .build()));
            refused(
                    bad.getKey(),
                    () ->
                            stub().watchAssets(
                                            WatchAssetsRequest.newBuilder()
                                                    .setFilter(bad.getValue())
                                                    .build())
                                    .next());
        }
        refused(
                "page_size",
                () -> stub().listAssets(ListAssetsRequest.newBuilder().setPageSize(-1).build()));
    }

    /** Every row of the account gets another place in its table. */
    private static void rewriteRows() {
        SERVICE.postgres()
                .execute(
                        "UPDATE asset SET update_time = update_time + interval '1 s'"
                                + " WHERE account_id = '%s'".formatted(SCOPE.getAccountId()));
    }

    private static void refused(String field, ThrowingCallable call) throws Exception {
        StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(refusal).as(field).isNotNull();
        assertThat(refusal.getStatus().getCode()).as(field).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(Refusals.fields(refusal)).containsExactly(field);
    }

    private static ListAssetsRequest page(String token) {
        return ListAssetsRequest.newBuilder().setPageSize(2).setPageToken(token).build();
    }

    private static AssetServiceGrpc.AssetServiceBlockingStub stub() {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(SCOPE.getAccountId()))
                .withDeadlineAfter(60, TimeUnit.SECONDS);
    }
}
