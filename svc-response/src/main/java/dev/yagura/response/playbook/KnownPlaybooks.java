package dev.yagura.response.playbook;

/** Which playbooks there are, for whoever links them. */
public interface KnownPlaybooks {

    /** True when there is one of this id that is not deleted. */
    boolean exists(String id);

    /** Resource name of an id. */
    static String name(String id) {
        return PlaybookCatalog.PLAYBOOKS + id;
    }
}
