package dev.yagura.response.exchange;

import dev.yagura.common.ids.Ids;
import java.util.UUID;

/** Identifiers of CACAO objects: the same for the same playbook and step, whoever exports it. */
final class CacaoIds {
    /** What CACAO has no field for. */
    static final String EXTENSION = "extension-definition--5b3d9d4e-6f0a-5a6e-9c1f-2f6f1b0a7c11";

    /** Who wrote the extension, a STIX identity. */
    static final String YAGURA = "identity--7a1c52f0-3f5e-5b8f-8b44-0d4f6a1c9e22";

    /** Who runs the commands: the API of an installation. */
    static final String AGENT = "http-api--c0a7f3d2-7f61-5d59-a2c4-51b8f0e7d633";

    private static final UUID NAMESPACE = UUID.fromString("0198c0de-7e57-7000-8000-636163616f32");

    private CacaoIds() {}

    static String of(String type, String playbook, String... parts) {
        String[] all = new String[parts.length + 2];
        all[0] = type;
        all[1] = playbook;
        System.arraycopy(parts, 0, all, 2, parts.length);
        return type + "--" + Ids.v5(NAMESPACE, all);
    }
}
