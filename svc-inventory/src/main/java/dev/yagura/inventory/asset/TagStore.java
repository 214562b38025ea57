package dev.yagura.inventory.asset;

import java.util.Collection;

/** Tags, to find assets by them. */
interface TagStore {

    /** Keeps those of saved assets. */
    void keep(Collection<Asset> assets);
}
