package dev.yagura.sandbox.container;

import dev.yagura.sandbox.world.Account;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The images of the account and region, by repository and digest. */
public final class Registry {
    private final Account account;
    private final TreeMap<String, TreeMap<String, Image>> repositories = new TreeMap<>();

    /**
     * An image.
     *
     * @param tags sorted
     */
    record Image(String digest, List<String> tags, Instant pushed) {}

    public Registry(Account account) {
        this.account = account;
    }

    /** Pushes an image; a tag that another one of the repository has becomes this one's. */
    public void push(String repository, String digest, String tag, Instant now) {
        TreeMap<String, Image> images =
                repositories.computeIfAbsent(repository, name -> new TreeMap<>());
        images.replaceAll((key, image) -> new Image(key, without(image.tags(), tag), image.pushed));
        Image before = images.getOrDefault(digest, new Image(digest, List.of(), now));
        TreeSet<String> tags = new TreeSet<>(before.tags);
        tags.add(tag);
        images.put(digest, new Image(digest, List.copyOf(tags), before.pushed));
    }

    private static List<String> without(List<String> tags, String tag) {
        return tags.stream().filter(each -> !each.equals(tag)).toList();
    }

    /** False if there is none. */
    public boolean delete(String repository, String digest) {
        TreeMap<String, Image> images = repositories.get(repository);
        return images != null && images.remove(digest) != null;
    }

    List<String> repositories() {
        return List.copyOf(repositories.keySet());
    }

    Optional<SortedMap<String, Image>> images(String repository) {
        return Optional.ofNullable(repositories.get(repository));
    }

    String registryId() {
        return account.id();
    }

    String arn(String repository) {
        return account.arn("ecr", "repository/" + repository);
    }

    String uri(String repository) {
        return "%s.dkr.ecr.%s.amazonaws.com/%s"
                .formatted(account.id(), account.region(), repository);
    }
}
