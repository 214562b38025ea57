package dev.yagura.sandbox.organization;

import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.world.Account;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Every account, by id. The first one manages the others; while it is alone there is no
 * organization. Not safe for use by several threads at once.
 */
public final class Organization {
    private static final String ID = "o-sandbox001";

    private final Account management;
    private final SortedMap<String, Member> members = new TreeMap<>();

    /**
     * @param management the first account, in its home region
     */
    public Organization(Account management) {
        this.management = management;
    }

    public void add(Member member) {
        members.put(member.id(), member);
    }

    public void change(Member member, Standing standing) {
        members.put(member.id(), member.as(standing));
    }

    public Optional<Member> member(String accountId) {
        return Optional.ofNullable(members.get(accountId));
    }

    /** By id. */
    public List<Member> members() {
        return List.copyOf(members.values());
    }

    /** Whose key it is. */
    public Optional<Member> ownerOf(String accessKeyId) {
        return members.values().stream()
                .filter(member -> member.directory().knows(accessKeyId))
                .findFirst();
    }

    /** Whether any account has a region. */
    public boolean hasRegion(String region) {
        return members.values().stream().anyMatch(member -> member.regions().contains(region));
    }

    /** Of another account that lets somebody in. */
    public Optional<Directory> entered(String accountId) {
        return member(accountId)
                .filter(member -> member.standing().admits())
                .map(Member::directory);
    }

    boolean isInUse() {
        return members.size() > 1;
    }

    public boolean isManagement(String accountId) {
        return management.id().equals(accountId);
    }

    Stream<Member> listed() {
        return members.values().stream().filter(member -> member.standing().isListed());
    }

    String id() {
        return ID;
    }

    String managementId() {
        return management.id();
    }

    String arn() {
        return arn("organization/" + ID);
    }

    String accountArn(String accountId) {
        return arn("account/" + ID + "/" + accountId);
    }

    private String arn(String resource) {
        return management.globalArn("organizations", resource);
    }
}
