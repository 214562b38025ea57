package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.InventoryService;
import dev.yagura.proto.inventory.v1.CoverageScope;
import dev.yagura.proto.inventory.v1.CoverageServiceGrpc;
import dev.yagura.proto.inventory.v1.GetCoverageSummaryRequest;
import dev.yagura.proto.type.v1.Scope;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the inventory knows of each account, and how fresh. */
record Knowledge(InventoryService service) {

    /** Native ids of what EC2 has, as the inventory knows them. */
    SortedSet<String> read(Scope scope) {
        return assets(scope.getAccountId())
                .filter(each -> each.startsWith(scope.getRegion() + " AWS::EC2::"))
                .map(each -> each.substring(each.lastIndexOf(' ') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Region, type and id of what is active. */
    Stream<String> assets(String account) {
        return rows(
                "SELECT region || ' ' || resource_type || ' ' || native_id FROM asset"
                        + " WHERE state = 'ACTIVE' AND account_id = ? ORDER BY 1",
                account);
    }

    List<String> tombstones() {
        return rows("SELECT account_id || ' ' || region || ' ' || native_id FROM asset"
                        + " WHERE state = 'TOMBSTONE' ORDER BY account_id, region")
                .toList();
    }

    Stream<String> rows(String sql, String... parameters) {
        List<String> found =
                service.postgres()
                        .transactions()
                        .query(connection -> {
                            try (PreparedStatement query = connection.prepareStatement(sql)) {
                                for (int i = 0; i < parameters.length; i++) {
                                    query.setString(i + 1, parameters[i]);
                                }
                                List<String> all = new ArrayList<>();
                                try (ResultSet row = query.executeQuery()) {
                                    while (row.next()) {
                                        all.add(row.getString(1));
                                    }
                                }
                                return all;
                            }
                        });
        return found.stream();
    }

    List<ReadingStore.Freshness> freshness() {
        return service.bean(ReadingStore.class).freshness();
    }

    Stream<ReadingStore.Freshness> freshness(String account) {
        return freshness().stream()
                .filter(each -> each.set().scope().getAccountId().equals(account));
    }

    ReadingStore.Freshness freshness(String account, String region, String type) {
        return freshness(account)
                .filter(each -> each.set().scope().getRegion().equals(region))
                .filter(each -> each.set().resourceType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    String failure(String account, String region, String type) {
        return freshness(account)
                .filter(each -> each.set().scope().getRegion().equals(region))
                .filter(each -> each.set().resourceType().equals(type))
                .map(ReadingStore.Freshness::failure)
                .findFirst()
                .orElse("");
    }

    /** How many readings of an account have begun. */
    long begun(String account) {
        return Long.parseLong(
                rows(
                                "SELECT sum(generation)::text FROM scope_reading"
                                        + " WHERE account_id = ?",
                                account)
                        .findFirst()
                        .orElseThrow());
    }

    long complete() {
        return freshness().stream().filter(each -> each.completeTime() != null).count();
    }

    long complete(String account) {
        return freshness(account).filter(each -> each.completeTime() != null).count();
    }

    long failing(String account) {
        return freshness(account).filter(each -> each.failures() > 0).count();
    }

    String notRead(String account) {
        return freshness(account)
                .map(ReadingStore.Freshness::notRead)
                .distinct()
                .collect(Collectors.joining());
    }

    String coverage(String account) {
        return CoverageServiceGrpc.newBlockingStub(service.admin(account))
                .getCoverageSummary(GetCoverageSummaryRequest.getDefaultInstance())
                .getScopesList()
                .stream()
                .map(CoverageScope::getInstancesFailure)
                .collect(Collectors.joining());
    }
}
