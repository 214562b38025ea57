package dev.yagura.sandbox.wire;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One operation: its name, the parameters that it knows, those that it needs, and what it does.
 * Whatever is not known is refused, so that no setting that a client relies on is ignored.
 */
public final class Operation {
    private final String name;
    private final Function<Call, Body> action;
    private final Set<String> known = new HashSet<>();
    private final List<String> needed;
    private final Function<Parameters, List<String>> resources;
    private final Function<Call, Duration> patience;

    private Operation(
            String name,
            Function<Call, Body> action,
            List<String> needed,
            Function<Parameters, List<String>> resources,
            Function<Call, Duration> patience) {
        this.name = name;
        this.action = action;
        this.needed = needed;
        this.resources = resources;
        this.patience = patience;
        needed.forEach(known::add);
    }

    public static Operation named(String name, Function<Call, Body> action) {
        return new Operation(
                name, action, List.of(), parameters -> List.of("*"), call -> Duration.ZERO);
    }

    /** The same with the ARNs that a call concerns, each of which its caller must be allowed. */
    public Operation on(Function<Parameters, List<String>> arns) {
        Operation changed = new Operation(name, action, needed, arns, patience);
        changed.known.addAll(known);
        return changed;
    }

    /** The same with parameters that must be given; lists by their bare name. */
    public Operation needs(String... names) {
        Operation changed =
                new Operation(
                        name,
                        action,
                        Stream.concat(needed.stream(), Arrays.stream(names)).toList(),
                        resources,
                        patience);
        changed.known.addAll(known);
        return changed;
    }

    /**
     * The same with parameters that may be given, list positions written as {@code N} and keys of
     * maps as {@code *}: {@code Filter.N.Value.N}, {@code Parameters.*.N}.
     */
    public Operation knows(String... shapes) {
        Operation changed = new Operation(name, action, needed, resources, patience);
        changed.known.addAll(known);
        changed.known.addAll(List.of(shapes));
        return changed;
    }

    /**
     * The same, which is answered when it has waited long enough.
     *
     * @param howLong since it was asked; zero as soon as there is something to answer with
     */
    public Operation waits(Function<Call, Duration> howLong) {
        Operation changed = new Operation(name, action, needed, resources, howLong);
        changed.known.addAll(known);
        return changed;
    }

    public String name() {
        return name;
    }

    /** The first parameter that this operation does not know. */
    Optional<String> unknown(Parameters parameters) {
        return parameters.shapes().filter(shape -> !isKnown(shape)).findFirst();
    }

    /** The first needed parameter that is not given. */
    Optional<String> missing(Parameters parameters) {
        return needed.stream().filter(name -> !parameters.has(name)).findFirst();
    }

    /** {@code *} where the sandbox does not tell resources apart. */
    public List<String> resources(Parameters parameters) {
        return resources.apply(parameters);
    }

    /** How long it waits, as things are now, before it is answered. */
    public Duration patience(Call call) {
        return patience.apply(call);
    }

    Body run(Call call) {
        return action.apply(call);
    }

    private boolean isKnown(String shape) {
        return known.contains(shape)
                || (shape.endsWith(".N") && needed.contains(shape.substring(0, shape.length() - 2)))
                || known.stream()
                        .anyMatch(pattern -> pattern.contains("*") && fits(shape, pattern));
    }

    private static boolean fits(String shape, String pattern) {
        int star = pattern.indexOf('*');
        String tail = pattern.substring(star + 1);
        return shape.length() >= pattern.length()
                && shape.startsWith(pattern.substring(0, star))
                && shape.endsWith(tail);
    }
}
