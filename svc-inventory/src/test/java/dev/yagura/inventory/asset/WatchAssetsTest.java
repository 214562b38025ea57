package dev.yagura.inventory.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.yagura.common.grpc.RemoteErrors;
import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.WatchAssetsRequest;
import dev.yagura.proto.inventory.v1.WatchAssetsResponse;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WatchAssetsTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final Scope SCOPE = Enrolling.scope("100000000041");
    private static final Hosts HOSTS = new Hosts(SERVICE, SCOPE);
    private static final long LIMIT_SECONDS = 60;

    /** A watch of the account that ends with the test. */
    private static final class Watch implements AutoCloseable {
        private final Context.CancellableContext context = Context.current().withCancellation();
        private final Iterator<WatchAssetsResponse> messages;

        Watch(String cursor) throws Exception {
            WatchAssetsRequest request = WatchAssetsRequest.newBuilder().setCursor(cursor).build();
            messages =
                    context.call(() ->
                            stub().withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS)
                                    .watchAssets(request));
        }

        WatchAssetsResponse next() {
            return messages.next();
        }

        WatchAssetsResponse nextAsset() {
            WatchAssetsResponse message = next();
            while (!message.hasAsset()) {
                message = next();
            }
            return message;
        }

        @Override
        public void close() {
            context.close();
        }
    }

    @Test
    void goesOnFromItsCursorAfterEveryBreakWithoutSkippingAChange() throws Exception {
        String cursor = list().getCursor();
        String first = HOSTS.enroll("break-1");
        String second = HOSTS.enroll("break-2");
        List<WatchAssetsResponse> seen = new ArrayList<>();
        seen.add(firstAfter(cursor));
        String third = HOSTS.enroll("break-3");
        HOSTS.enroll("break-1");
        while (seen.size() < 4) {
            seen.add(firstAfter(seen.getLast().getCursor()));
        }
        assertThat(seen)
                .extracting(message -> message.getAsset().getName())
                .containsExactly(first, second, third, first);
        assertThat(seen.getLast().getAsset().getAgentsList()).hasSize(2);
    }

    @Test
    void cursorBelowWhatIsKeptIsExpiredAndListThenWatchRecovers() throws Exception {
        String old = list().getCursor();
        String missed = HOSTS.enroll("trimmed");
        SERVICE.bean(ChangeFeeds.class).feed(AssetCatalog.FEED).trim(Duration.ofDays(1), 0);

        assertExpired(refusal(old));
        assertListThenWatchRecovers(missed);
    }

    @Test
    void cursorOfAnotherFeedIsExpired() throws Exception {
        assertExpired(refusal(SERVICE.bean(ChangeFeeds.class).feed("admissions").cursor()));
    }

    @Test
    void openWatchOfARestoredDatabaseExpiresAndListThenWatchRecovers() throws Exception {
        String before = HOSTS.enroll("restored");
        try (Watch watch = new Watch("")) {
            watch.next();
            SERVICE.postgres()
                    .execute(
                            "UPDATE feed_head SET incarnation = gen_random_uuid()"
                                    + " WHERE feed = 'assets'");
            assertExpired(refusal(watch));
        }
        assertListThenWatchRecovers(before);
    }

    @Test
    void whatIsNoCursorNamesTheField() throws Exception {
        StatusRuntimeException refusal = refusal("no-cursor");
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(Refusals.fields(refusal)).containsExactly("cursor");
    }

    private static WatchAssetsResponse firstAfter(String cursor) throws Exception {
        try (Watch watch = new Watch(cursor)) {
            return watch.nextAsset();
        }
    }

    private static void assertListThenWatchRecovers(String missed) throws Exception {
        ListAssetsResponse list = list();
        assertThat(list.getAssetsList()).extracting(asset -> asset.getName()).contains(missed);
        String later = HOSTS.enroll("after-" + missed);
        assertThat(firstAfter(list.getCursor()).getAsset().getName()).isEqualTo(later);
    }

    private static void assertExpired(StatusRuntimeException refusal) {
        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.OUT_OF_RANGE);
        assertThat(RemoteErrors.reason(refusal)).contains("CURSOR_EXPIRED");
    }

    private static StatusRuntimeException refusal(String cursor) throws Exception {
        try (Watch watch = new Watch(cursor)) {
            return refusal(watch);
        }
    }

    private static StatusRuntimeException refusal(Watch watch) {
        return catchThrowableOfType(
                StatusRuntimeException.class,
                () -> {
                    while (true) {
                        watch.next();
                    }
                });
    }

    private static ListAssetsResponse list() {
        return stub().listAssets(ListAssetsRequest.newBuilder().setPageSize(500).build());
    }

    private static AssetServiceGrpc.AssetServiceBlockingStub stub() {
        return AssetServiceGrpc.newBlockingStub(SERVICE.admin(SCOPE.getAccountId()));
    }
}
