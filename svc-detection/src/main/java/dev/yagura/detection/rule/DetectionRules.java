package dev.yagura.detection.rule;

/** Where detection gets the rules in force from; asked once for each batch of events. */
public interface DetectionRules {
    RuleSnapshot current();
}
