package dev.yagura.common.error;

/** Nothing of this name, or nothing that the caller may know of. */
public final class NotFoundException extends YaguraException {
    private static final long serialVersionUID = 1L;

    private final String type;
    private final String name;

    public NotFoundException(String type, String name) {
        super(type + " " + name + " does not exist");
        this.type = type;
        this.name = name;
    }

    /** Kind of resource, for example "alert". */
    public String type() {
        return type;
    }

    public String name() {
        return name;
    }
}
