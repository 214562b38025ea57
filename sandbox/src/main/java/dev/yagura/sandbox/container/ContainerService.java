package dev.yagura.sandbox.container;

/**
 * A service.
 *
 * @param definition family and revision of its tasks
 * @param desired how many it wants
 */
record ContainerService(String name, String definition, String launchType, int desired) {
    ContainerService wanting(int tasks) {
        return new ContainerService(name, definition, launchType, tasks);
    }
}
