using MiniKube.Api.Meta;

namespace MiniKube.ControllerManager.Core;

/// <summary>What is left in a namespace that is being deleted.</summary>
/// <param name="Remaining">How many objects of each resource.</param>
/// <param name="Finalizers">How many objects carry each finalizer.</param>
/// <param name="Failures">What went wrong in deleting.</param>
internal sealed record NamespaceContent(
    IReadOnlyDictionary<GroupVersionResource, int> Remaining, IReadOnlyDictionary<string, int> Finalizers, IReadOnlyList<string> Failures)
{
    public bool IsEmpty => Remaining.Count == 0 && Failures.Count == 0;
}
