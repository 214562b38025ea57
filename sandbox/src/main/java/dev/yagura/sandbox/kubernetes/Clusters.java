package dev.yagura.sandbox.kubernetes;

import dev.yagura.sandbox.world.Account;
import java.net.URI;
import java.util.Optional;
import java.util.TreeMap;

/** The clusters of the account. */
public final class Clusters {
    private final Account account;
    private final TreeMap<String, EksCluster> byName = new TreeMap<>();
    private Server server = Server.NONE;

    /**
     * What serves all of them.
     *
     * @param endpoint without the name of a cluster
     * @param authority certificate of its authority, PEM in base64
     * @param rbac what RBAC allows, in each cluster
     */
    public record Server(URI endpoint, String authority, Rbac rbac) {
        public static final Server NONE =
                new Server(URI.create("https://127.0.0.1:1"), "", Rbac.NONE);
    }

    public Clusters(Account account) {
        this.account = account;
    }

    public void add(EksCluster cluster) {
        byName.put(cluster.name(), cluster);
    }

    public void servedBy(Server by) {
        server = by;
    }

    public Optional<EksCluster> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public boolean remove(String name) {
        return byName.remove(name) != null;
    }

    Server server() {
        return server;
    }

    String arn(String name) {
        return account.arn("eks", "cluster/" + name);
    }
}
