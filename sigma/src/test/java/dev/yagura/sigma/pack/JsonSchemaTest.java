package dev.yagura.sigma.pack;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.yagura.sigma.SigmaDocument;
import dev.yagura.sigma.SigmaParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;

/** The published schemas against the parser, on the documents of all cases. */
class JsonSchemaTest {
    private static final Schema RULE = schema("sigma-detection-rule-schema.json");
    private static final Schema CORRELATION = schema("sigma-correlation-rules-schema.json");
    private static final Schema FILTER = schema("sigma-filters-schema.json");

    /** The schema wants text here, and the specification says: "The condition can be a list". */
    private static final String LIST_OF_CONDITIONS = "/detection/condition";

    @Test
    void whatTheParserTakesIsValid() {
        int checked = 0;
        for (SpecificationCases.Case each : SpecificationCases.all()) {
            for (SigmaDocument document : new SigmaParser().parse(each.file())) {
                if (!(document instanceof SigmaDocument.Invalid)) {
                    assertThat(errors(document.text())).as("%s", each).isEmpty();
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(600);
    }

    @Test
    void whatIsNotValidIsRefused() {
        List<String> refused = new ArrayList<>();
        for (SpecificationCases.Case each : SpecificationCases.all()) {
            if (each.has("refused") && !errors(each.file()).isEmpty()) {
                assertThat(new SigmaParser().parse(each.file()))
                        .as("%s", each)
                        .anyMatch(SigmaDocument.Invalid.class::isInstance);
                refused.add(each.name());
            }
        }
        assertThat(refused).hasSizeGreaterThan(60);
    }

    /** Errors of a document of one kind; none for what is no single map. */
    private static List<String> errors(String text) {
        Object document;
        try {
            document = yaml12(text);
        } catch (YAMLException e) {
            return List.of();
        }
        if (!(document instanceof Map<?, ?> map)) {
            return List.of();
        }
        Schema schema =
                map.containsKey("correlation")
                        ? CORRELATION
                        : map.containsKey("filter") ? FILTER : RULE;
        return schema.validate(Json.write(map), InputFormat.JSON).stream()
                .filter(error -> !error.getInstanceLocation().toString().equals(LIST_OF_CONDITIONS))
                .map(Error::toString)
                .toList();
    }

    /** Dates are text in YAML 1.2, and "yes" is. */
    private static Object yaml12(String text) {
        return new Yaml(
                        new SafeConstructor(new LoaderOptions()),
                        new Representer(new DumperOptions()),
                        new DumperOptions(),
                        new TypesOfYaml12())
                .load(text);
    }

    private static Schema schema(String name) {
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(
                            Files.readString(SpecificationCases.SPECIFICATION.resolve(name))
                                    .replace("2020-12/schema#", "2020-12/schema"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
