package dev.yagura.bench.measure;

import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.control.RecorderClient;
import dev.yagura.sandbox.control.SandboxClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Resources in AWS Config of the stand-in: three accounts, three regions each. */
public final class PlantedWorld {
    static final String HOME_ACCOUNT = "111122223333";
    static final String HOME_REGION = "ap-northeast-1";
    static final String VOLUME = "AWS::EC2::Volume";

    /** A queue of the first account and region. */
    static final String QUEUE = "bench-changes";

    private static final List<String> ACCOUNTS =
            List.of(HOME_ACCOUNT, "222233334444", "333344445555");
    private static final List<String> REGIONS = List.of(HOME_REGION, "eu-west-1", "us-east-1");
    private static final String ORGANIZATION =
            """

            organization:
              regions: [eu-west-1, us-east-1]
              instances: 2
              accounts:
                - {id: "222233334444", name: shop}
                - {id: "333344445555", name: laboratory}
            """;

    /** In percent of all. */
    private static final Map<String, Integer> SHARES =
            Map.of(
                    "AWS::EC2::NetworkInterface",
                    45,
                    VOLUME,
                    40,
                    "AWS::EC2::SecurityGroup",
                    10,
                    "AWS::EC2::Subnet",
                    4,
                    "AWS::EC2::VPC",
                    1);

    private static final Map<String, String> PREFIXES =
            Map.of(
                    "AWS::EC2::NetworkInterface",
                    "eni-",
                    VOLUME,
                    "vol-",
                    "AWS::EC2::SecurityGroup",
                    "sg-",
                    "AWS::EC2::Subnet",
                    "subnet-",
                    "AWS::EC2::VPC",
                    "vpc-");

    private PlantedWorld() {}

    /**
     * Variables of a platform that reads it. It reads when it is asked to, not every few minutes:
     * else a reading of its own could meet the one that is measured.
     *
     * @param builtIn the stand-in's own seed
     * @param file where its seed is written
     */
    public static Map<String, String> environment(Path builtIn, Path file) throws IOException {
        Files.writeString(file, Files.readString(builtIn) + ORGANIZATION);
        return Map.of(
                "YAGURA_SANDBOX_SEED",
                file.toString(),
                "YAGURA_INVENTORY_ORGANIZATION_ACCOUNT",
                "aws:" + HOME_ACCOUNT,
                "YAGURA_INVENTORY_ORGANIZATION_REGIONS",
                String.join(",", REGIONS),
                "YAGURA_INVENTORY_READING_INTERVAL",
                "PT1H",
                "YAGURA_INVENTORY_CHANGES_QUEUES",
                "aws:%1$s:%2$s=https://sqs.%2$s.amazonaws.com/%1$s/%3$s"
                        .formatted(HOME_ACCOUNT, HOME_REGION, QUEUE));
    }

    static List<Scope> scopes() {
        return ACCOUNTS.stream()
                .flatMap(account ->
                        REGIONS.stream()
                                .map(region ->
                                        Scope.newBuilder()
                                                .setPartition("aws")
                                                .setAccountId(account)
                                                .setRegion(region)
                                                .build()))
                .toList();
    }

    /** Types that are in it, sorted. */
    static List<String> types() {
        return SHARES.keySet().stream().sorted().toList();
    }

    /** Plants so many, spread evenly. */
    static void plant(SandboxClient sandbox, int count) {
        List<Scope> scopes = scopes();
        for (int place = 0; place < scopes.size(); place++) {
            RecorderClient recorder = recorder(sandbox, scopes.get(place));
            for (String type : types()) {
                int here = count(type, place, count);
                if (here > 0) {
                    recorder.plant(type, here);
                }
            }
        }
    }

    /** Deletes the last of every hundred of each type and place; returns how many. */
    static int deleteOneInHundred(SandboxClient sandbox, int count) {
        List<Scope> scopes = scopes();
        int deleted = 0;
        for (int place = 0; place < scopes.size(); place++) {
            RecorderClient recorder = recorder(sandbox, scopes.get(place));
            for (String type : types()) {
                int here = count(type, place, count);
                for (int number = 100; number <= here; number += 100) {
                    recorder.deletePlanted(type, id(type, number));
                    deleted++;
                }
            }
        }
        return deleted;
    }

    private static int count(String type, int place, int all) {
        int ofType = (int) ((long) all * SHARES.getOrDefault(type, 0) / 100);
        int places = ACCOUNTS.size() * REGIONS.size();
        return ofType / places + (place < ofType % places ? 1 : 0);
    }

    /** As {@link RecorderClient#plant} numbers them. */
    private static String id(String type, int number) {
        return PREFIXES.get(type) + "0" + HexFormat.of().toHexDigits((long) number);
    }

    private static RecorderClient recorder(SandboxClient sandbox, Scope scope) {
        return sandbox.at(scope.getAccountId(), scope.getRegion()).recorder();
    }
}
