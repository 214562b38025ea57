package dev.yagura.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A seed of the AWS stand-in with more instances than the built-in one. */
public final class FleetSeed {
    private static final String END_OF_INSTANCES = "\n# SSM agents;";
    private static final List<String> SUBNETS =
            List.of("subnet-0813d0f9bd7ef83f1", "subnet-0115e859eb0c9c8a0");
    private static final int FIRST_ADDRESS = 50;
    private static final int IN_A_SUBNET = 200;

    /** From here on a few addresses are those of the seed's own endpoints. */
    private static final int TAKEN = 200;

    private static final int TAKEN_COUNT = 3;

    private FleetSeed() {}

    /**
     * Writes the built-in seed with instances of the group "web" added.
     *
     * @param builtIn the stand-in's own seed
     * @param count how many, at most 400
     * @return their ids
     */
    public static List<String> write(Path builtIn, Path file, int count) throws IOException {
        String text = Files.readString(builtIn);
        int end = text.indexOf(END_OF_INSTANCES);
        if (end < 0 || count > IN_A_SUBNET * SUBNETS.size()) {
            throw new IOException("no room for " + count + " instances in " + builtIn);
        }
        List<String> ids = new ArrayList<>(count);
        StringBuilder instances = new StringBuilder();
        for (int number = 0; number < count; number++) {
            String id = "i-0be0c45ca1e%06x".formatted(number);
            ids.add(id);
            instances.append(instance(id, number));
        }
        Files.writeString(file, text.substring(0, end) + "\n" + instances + text.substring(end));
        return List.copyOf(ids);
    }

    private static String instance(String id, int number) {
        int subnet = number / IN_A_SUBNET;
        return """
          - id: %s
            reservation: r-0be0c45ca1e%06x
            image: ami-0ffd4ed8f0917535d
            type: t3.small
            rootVolume: vol-0be0c45ca1e%06x
            tags: {Name: fleet-%d}
            interfaces:
              - id: eni-0be0c45ca1e%06x
                subnet: %s
                address: 10.20.%d.%d
                groups: [sg-02f1086a7759c4179]
                description: ""
        """
                .formatted(
                        id,
                        number,
                        number,
                        number,
                        number,
                        SUBNETS.get(subnet),
                        subnet + 1,
                        address(number % IN_A_SUBNET));
    }

    private static int address(int number) {
        int address = FIRST_ADDRESS + number;
        return address < TAKEN ? address : address + TAKEN_COUNT;
    }
}
