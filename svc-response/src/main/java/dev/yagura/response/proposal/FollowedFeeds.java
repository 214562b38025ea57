package dev.yagura.response.proposal;

import java.util.Optional;

/** How far feeds of other services have been followed. */
interface FollowedFeeds {

    /** Empty before the first. */
    Optional<String> cursor(String feed);

    void save(String feed, String cursor);
}
