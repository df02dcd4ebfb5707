using k8s.Models;

namespace MiniKube.ControllerManager.Core;

/// <summary>The conditions of a namespace that is being deleted. Pure; types, reasons and messages are upstream's.</summary>
internal static class NamespaceConditions
{
    /// <returns>The conditions, with the times of those kept that say the same as before.</returns>
    public static IReadOnlyList<V1NamespaceCondition> Of(NamespaceContent content, IEnumerable<V1NamespaceCondition> before, DateTime now)
    {
        var old = before.ToDictionary(condition => condition.Type);
        return
        [
            .. New(content).Select(condition => old.TryGetValue(condition.Type, out var same) && same.Status == condition.Status && same.Message == condition.Message
                ? same
                : condition with { LastTransitionTime = now }),
        ];
    }

    private static IEnumerable<V1NamespaceCondition> New(NamespaceContent content)
    {
        yield return Condition("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered");
        yield return Condition("NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions", "All legacy kube types successfully parsed");
        yield return content.Failures.Count == 0
            ? Condition("NamespaceDeletionContentFailure", "ContentDeleted", "All content successfully deleted, may be waiting on finalization")
            : Condition(
                "NamespaceDeletionContentFailure",
                "ContentDeletionFailed",
                $"Failed to delete all resource types, {content.Failures.Count} remaining: {string.Join(", ", content.Failures.Order(StringComparer.Ordinal))}",
                "True");
        yield return content.Remaining.Count == 0
            ? Condition("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed")
            : Condition(
                "NamespaceContentRemaining",
                "SomeResourcesRemain",
                $"Some resources are remaining: {string.Join(", ", content.Remaining.Select(left => $"{left.Key.Resource}.{left.Key.Group} has {left.Value} resource instances").Order(StringComparer.Ordinal))}",
                "True");
        yield return content.Finalizers.Count == 0
            ? Condition("NamespaceFinalizersRemaining", "ContentHasNoFinalizers", "All content-preserving finalizers finished")
            : Condition(
                "NamespaceFinalizersRemaining",
                "SomeFinalizersRemain",
                $"Some content in the namespace has finalizers remaining: {string.Join(", ", content.Finalizers.Select(left => $"{left.Key} in {left.Value} resource instances").Order(StringComparer.Ordinal))}",
                "True");
    }

    private static V1NamespaceCondition Condition(string type, string reason, string message, string status = "False") =>
        new() { Type = type, Status = status, Reason = reason, Message = message };
}
