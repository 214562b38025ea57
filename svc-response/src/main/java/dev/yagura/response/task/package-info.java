/**
 * ECS tasks that are stopped, on Fargate and on instances, and whose sessions are denied.
 *
 * <p>{@link dev.yagura.response.task.TaskSurvey} reads a task, its service and who else has its
 * role; {@link dev.yagura.response.task.TaskPreflight} refuses; {@link
 * dev.yagura.response.task.TaskContainment} applies, watches and undoes. A container instance is
 * never drained: that would stop its other tasks.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.task;
