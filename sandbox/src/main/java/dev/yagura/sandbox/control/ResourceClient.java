package dev.yagura.sandbox.control;

import java.util.Map;

/** What comes, moves and goes in an account, as whoever works in it. */
public final class ResourceClient {
    private final ControlCalls calls;

    ResourceClient(ControlCalls calls) {
        this.calls = calls;
    }

    /**
     * Launches an instance with an id of the caller's choice, in the first subnet.
     *
     * @param address private IPv4 address of its interface
     */
    public void launch(String id, String address) {
        calls.call("PUT", "instances/" + id, new Requests.Launch(address, null));
    }

    /**
     * The same with a second interface, which can be moved and outlives the instance.
     *
     * @param second its private IPv4 address
     */
    public void launch(String id, String address, String second) {
        calls.call("PUT", "instances/" + id, new Requests.Launch(address, second));
    }

    /** Attaches an interface behind those that an instance has; it leaves the one it was on. */
    public void attachInterface(String id, String instance) {
        calls.call("PUT", attachment(id), new Requests.Attach(instance));
    }

    public void detachInterface(String id) {
        calls.call("DELETE", attachment(id), null);
    }

    /** A role that instances may assume. */
    public void makeRole(String name, Map<String, String> tags) {
        calls.call("PUT", "roles/" + name, new Requests.MakeRole(tags));
    }

    /**
     * An instance profile has this role from now on.
     *
     * @param role by its name; none of that name: the profile has none
     */
    public void putProfile(String name, String role) {
        calls.call("PUT", profile(name), new Requests.PutProfile(role));
    }

    public void deleteProfile(String name) {
        calls.call("DELETE", profile(name), null);
    }

    /** An Auto Scaling group, made if there is none, with exactly these tags. */
    public void putAutoScalingGroup(String name, Map<String, String> tags) {
        calls.call(
                "PUT",
                scalingGroup(name),
                new Requests.ChangeAutoScalingGroup(null, null, null, null, null, tags));
    }

    /** Whoever was in it stays, and is in none. */
    public void deleteAutoScalingGroup(String name) {
        calls.call("DELETE", scalingGroup(name), null);
    }

    public void makeBucket(String name) {
        calls.call("PUT", "buckets/" + name, null);
    }

    public void deleteBucket(String name) {
        calls.call("DELETE", "buckets/" + name, null);
    }

    /**
     * Pushes an image into a repository, which is made if there is none.
     *
     * @param digest {@code sha256:} and 64 hexadecimal digits
     */
    public void pushImage(String repository, String digest, String tag) {
        calls.call("PUT", image(repository, digest), new Requests.PushImage(tag));
    }

    public void deleteImage(String repository, String digest) {
        calls.call("DELETE", image(repository, digest), null);
    }

    private static String scalingGroup(String name) {
        return "auto-scaling-groups/" + name;
    }

    private static String profile(String name) {
        return "instance-profiles/" + name;
    }

    private static String image(String repository, String digest) {
        return "repositories/%s/images/%s".formatted(repository, digest);
    }

    private static String attachment(String id) {
        return "interfaces/" + id + "/attachment";
    }
}
