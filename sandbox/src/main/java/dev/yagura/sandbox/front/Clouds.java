package dev.yagura.sandbox.front;

import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.cloud.Surroundings;
import dev.yagura.sandbox.cloud.UnknownNameException;
import dev.yagura.sandbox.config.Aggregator;
import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.organization.Member;
import dev.yagura.sandbox.organization.Organization;
import dev.yagura.sandbox.organization.Standing;
import dev.yagura.sandbox.seed.AccountSeed;
import dev.yagura.sandbox.seed.DocumentFolder;
import dev.yagura.sandbox.seed.MemberSeed;
import dev.yagura.sandbox.seed.Planting;
import dev.yagura.sandbox.seed.Seed;
import dev.yagura.sandbox.shell.Scripts;
import dev.yagura.sandbox.world.Account;
import dev.yagura.sandbox.world.SimulatedClock;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A cloud for each region of each account. Not safe for use by several threads at once. */
final class Clouds {
    private final Seed seed;
    private final DocumentFolder documents;
    private final Clock wall;
    private final SimulatedClock clock;
    private final Organization organization;
    private final Aggregator aggregator = new Aggregator();
    private final Map<Place, Cloud> clouds = new HashMap<>();
    private final Place first;

    /**
     * What the seed says, its accounts among it.
     *
     * @param scripts for the first account and region alone
     */
    Clouds(Seed seed, DocumentFolder documents, @Nullable Scripts scripts, Clock wall) {
        this.seed = seed;
        this.documents = documents;
        this.wall = wall;
        this.clock = new SimulatedClock(wall);
        this.first = new Place(seed.account(), seed.region());
        this.organization =
                new Organization(new Account(seed.account(), seed.region(), seed.partition()));
        AccountSeed own = MemberSeed.first(seed);
        Directory directory = join(own, own.regions());
        clouds.put(first, Planting.grow(seed, documents, scripts, around(directory)));
        grow(own, directory);
        MemberSeed.others(seed).forEach(this::add);
    }

    Cloud first() {
        return at(first);
    }

    /**
     * @throws UnknownNameException if there is no such account, or if it does not have the region
     */
    Cloud at(Place place) {
        Cloud cloud = clouds.get(place);
        if (cloud == null) {
            throw new UnknownNameException("account and region", place.toString());
        }
        return cloud;
    }

    Organization organization() {
        return organization;
    }

    /** What security groups allow everywhere. */
    Exposure exposure() {
        return Exposure.of(clouds.values().stream().map(Cloud::world).toList());
    }

    /** How many messages have come to the queues of all. */
    long arrivals() {
        return clouds.values().stream().mapToLong(cloud -> cloud.queues().arrivals()).sum();
    }

    /** Adds an account whose regions are those of the first, if it names none. */
    void add(AccountSeed account) {
        if (organization.member(account.id()).isPresent()) {
            throw new IllegalArgumentException("account is there already: " + account.id());
        }
        grow(account, join(account, account.regions()));
    }

    private Directory join(AccountSeed account, List<String> regions) {
        Directory directory =
                new Directory(
                        new Account(account.id(), regions.getFirst(), seed.partition()), wall);
        organization.add(
                new Member(
                        account.id(),
                        account.name(),
                        regions,
                        directory,
                        account.standing() == null
                                ? Standing.ACTIVE
                                : Standing.valueOf(account.standing()),
                        clock.instant()));
        return directory;
    }

    /** Every region that is not there yet. */
    private void grow(AccountSeed account, Directory directory) {
        for (String region : account.regions()) {
            clouds.computeIfAbsent(
                    new Place(account.id(), region),
                    place ->
                            Planting.grow(
                                    MemberSeed.of(seed, account, region),
                                    documents,
                                    null,
                                    around(directory)));
        }
    }

    private Surroundings around(Directory directory) {
        return new Surroundings(wall, clock, directory, organization, aggregator);
    }

    /** A key that nobody has is refused by the first account. */
    Destination destination(Destination.Claim claim) {
        Member member =
                organization
                        .ownerOf(claim.accessKeyId())
                        .or(() -> organization.member(first.account()))
                        .orElseThrow();
        boolean here = member.regions().contains(claim.region());
        String region = here ? claim.region() : member.regions().getFirst();
        Place place = new Place(member.id(), region);
        return new Destination(place, at(place).apis(), gate(member, here, claim.region()));
    }

    /** A region of nobody is refused by the services of the home region. */
    private Destination.Gate gate(Member member, boolean here, String region) {
        return switch (member.standing()) {
            case SUSPENDED -> Destination.Gate.SUSPENDED;
            case FAILING -> Destination.Gate.FAILING;
            case ACTIVE, DENYING, LEFT ->
                    here || !organization.hasRegion(region)
                            ? Destination.Gate.OPEN
                            : Destination.Gate.NO_REGION;
        };
    }
}
