package dev.yagura.sigma;

/**
 * Which log a rule is for. An absent part is empty and means any.
 *
 * @param product for example "linux"
 * @param category for example "process_creation"
 * @param service for example "auditd"
 */
public record LogSource(String product, String category, String service) {

    /** "product/category/service", empty parts as "*". */
    @Override
    public String toString() {
        return part(product) + "/" + part(category) + "/" + part(service);
    }

    private static String part(String value) {
        return value.isEmpty() ? "*" : value;
    }
}
